import { SaxesParser, type SaxesTag } from 'saxes';
import type { RawRow, SourceLimits } from '../connector.js';
import { SourceRejectedError, UnfinishedFileError } from '../errors.js';
import type { DropStream } from '../files/drop-options.js';
import type { ParsedDrop } from '../files/drop-session.client.js';
import { type Element, RecordReader } from './record-reader.js';

type XmlLimits = Pick<SourceLimits, 'xmlDepth' | 'xmlAttributes' | 'textBytes' | 'recordBytes'>;

export interface XmlInput {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly stream: DropStream & { readonly record: string };
  readonly folder: { decode(bytes: Uint8Array): string | null };
  readonly limits: XmlLimits;
}

/**
 * Streams the document and keeps, of each record and its ancestors, what the paths ask for. Entities other than the five of XML
 * are unknown and document types are refused, so nothing outside the file is ever touched.
 *
 * @throws UnfinishedFileError when the root is not closed, SourceRejectedError for anything else that is wrong
 */
export function parseXmlDrop(input: XmlInput): ParsedDrop {
  const { name, bytes } = input;
  const text = input.folder.decode(bytes);
  if (text === null) throw cannotDecode(input);
  const walk = new DocumentWalk(input);
  const parser = new SaxesParser({ fileName: name });
  parser.on('doctype', () => walk.refuse('含有 DOCTYPE'));
  parser.on('opentag', (tag) => walk.open(tag));
  parser.on('text', (chunk) => walk.text(chunk));
  parser.on('cdata', (chunk) => walk.text(chunk));
  parser.on('closetag', () => walk.close());
  parser.on('error', (error) => walk.broken(error, parser.position >= text.length));
  parser.write(text);
  parser.close();
  if (!walk.isFinished()) throw new UnfinishedFileError(`文件 ${name} 没有结束标签，尚未写完`);
  walk.assertColumns();
  return { rows: walk.rows, unreadable: [], control: walk.control };
}

/** A half-written file may break inside a character: then what is before it still says so. */
function cannotDecode({ name, bytes, folder }: XmlInput): Error {
  for (let cut = 1; cut <= 3; cut += 1) {
    if (folder.decode(bytes.subarray(0, bytes.length - cut)) !== null) {
      return new UnfinishedFileError(`文件 ${name} 的末尾断在字符中间，尚未写完`);
    }
  }
  return new SourceRejectedError(
    `文件 ${name} 的字节既不是 UTF-8，也不是约定的编码`,
    '请来源单位以约定编码重新导出，或修改机构配置的 encoding。',
  );
}

class DocumentWalk {
  readonly rows: RawRow[] = [];
  readonly control = new Map<string, string>();
  private finished = false;
  private readonly stack: Element[] = [];
  private readonly reader: RecordReader;
  private readonly recordPath: string;
  private recordCharacters = 0;

  private readonly stream: XmlInput['stream'];
  private readonly name: string;
  private readonly limits: XmlLimits;

  constructor({ stream, name, limits }: XmlInput) {
    this.stream = stream;
    this.name = name;
    this.limits = limits;
    this.reader = new RecordReader(stream.columns);
    this.recordPath = stream.record;
  }

  isFinished(): boolean {
    return this.finished;
  }

  open({ name, attributes }: SaxesTag): void {
    const entries = Object.entries(attributes);
    if (this.stack.length >= this.limits.xmlDepth)
      this.refuse(`嵌套超过 ${this.limits.xmlDepth} 层`);
    if (entries.length > this.limits.xmlAttributes)
      this.refuse(`属性超过 ${this.limits.xmlAttributes} 个`);
    const parent = this.stack.at(-1);
    const path = parent === undefined ? name : `${parent.path}/${name}`;
    const texts = new Map(
      entries.map(([key, value]) => [`@${key}`, typeof value === 'string' ? value : value.value]),
    );
    if (parent === undefined) for (const [key, value] of texts) this.control.set(key, value);
    if (path === this.recordPath) this.recordCharacters = 0;
    this.stack.push({ name, path, texts, text: '' });
  }

  text(chunk: string): void {
    const element = this.stack.at(-1);
    if (element === undefined) return;
    element.text += chunk;
    this.recordCharacters += chunk.length;
    if (element.text.length > this.limits.textBytes) this.refuse('单个文本过长');
    if (this.recordCharacters > this.limits.recordBytes) this.refuse('单条记录过长');
  }

  close(): void {
    const element = this.stack.pop();
    const parent = this.stack.at(-1);
    if (element === undefined) return;
    if (parent === undefined) this.finished = true;
    if (element.path === this.recordPath) this.reader.add(element, this.stack, this.rows);
    else if (parent !== undefined) this.reader.lift(element, parent);
  }

  /** Elements still open at the very end mean that the writer has not finished. */
  broken(error: Error, atEnd: boolean): void {
    if (atEnd && /unclosed|unexpected end|must contain a root/.test(error.message)) {
      throw new UnfinishedFileError(`文件 ${this.name} 没有结束标签，尚未写完`);
    }
    this.refuse(`第 ${/(?<=:)\d+(?=:)/.exec(error.message)?.[0] ?? '?'} 行不是合格的 XML`);
  }

  refuse(reason: string): never {
    throw new SourceRejectedError(`文件 ${this.name} ${reason}`, '请来源单位改正后重新投放。');
  }

  /** A column that no record has at all, though every row needs it, is a missing column. */
  assertColumns(): void {
    const { columns, required } = this.stream;
    if (this.rows.length === 0) return;
    const missing = required.filter((column) => {
      const index = columns.indexOf(column);
      return this.rows.every((row) => row[index] === null);
    });
    if (missing.length > 0) this.refuse(`缺少列 ${missing.join('、')}`);
  }
}
