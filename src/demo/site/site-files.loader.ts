import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { siteFiles } from './site-files.js';

/** Rewrites what of `config/demo` follows from the generator. @returns the paths written */
export function writeSiteFiles(siteDirectory: string): readonly string[] {
  return [...siteFiles()].map(([path, text]) => {
    writeFileSync(join(siteDirectory, path), text);
    return path;
  });
}
