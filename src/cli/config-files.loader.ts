import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Site } from '../config/site.js';
import type { ConfigKind } from './config-kind.js';

/** Every file of one kind, absolute and sorted: below `config/`, or below the chosen site and those that ship in `config/`. */
export function filesOf(
  { below, pattern, except = [] }: ConfigKind,
  site: Site,
): readonly string[] {
  const folders = below === 'config' ? [site.configDir] : siteFolders(site);
  return folders
    .flatMap((folder) => matching(folder, pattern))
    .filter((path) => !except.includes(basename(path)))
    .sort();
}

/** A site is a folder with a consortium.yaml. */
function siteFolders({ configDir, siteDir }: Site): readonly string[] {
  const shipped = matching(configDir, '*/consortium.yaml').map((path) => dirname(path));
  return [...new Set([...shipped, ...(existsSync(siteDir) ? [siteDir] : [])])];
}

function matching(folder: string, pattern: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const form = new RegExp(`^${pattern.split('*').map(escaped).join('[^/]*')}$`);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => form.test(relative(folder, path).split(sep).join('/')));
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
