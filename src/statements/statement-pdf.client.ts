import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pdfmake from 'pdfmake';
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { MissingFontError } from './errors.js';
import { pdfDocument } from './pdf-document.js';
import type { PrintContext } from './printed.js';
import type { Statement } from './statement.js';

const FONTS = join(import.meta.dirname, '../../knowledge/fonts');

/** A statement as PDF with its fonts embedded: looks the same wherever it is opened. @throws MissingFontError */
export function printPdf(statement: Statement, context: PrintContext): Promise<Uint8Array> {
  return pdfBytes(pdfDocument(statement, context));
}

/** @throws MissingFontError */
export async function pdfBytes(definition: TDocumentDefinitions): Promise<Uint8Array> {
  const normal = fontFile('noto-sans-sc-regular.ttf');
  const bold = fontFile('noto-sans-sc-bold.ttf');
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path === normal || path === bold);
  pdfmake.setFonts({ Statement: { normal, bold, italics: normal, bolditalics: bold } });
  return pdfmake.createPdf(definition).getBuffer();
}

function fontFile(name: string): string {
  const path = join(FONTS, name);
  if (!existsSync(path)) throw new MissingFontError(`找不到字体文件 ${name}`);
  return path;
}
