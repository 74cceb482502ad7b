import type { CodeKind } from './catalogue.repository.js';

/** What two codes have in common by the way they are written. */
export interface CodeLikeness {
  /** 0 … 1; from `SURE_CODE` on it speaks for itself. */
  readonly score: number;
  readonly reason: string | null;
}

/** Codes this much alike need no name to be proposed. */
export const SURE_CODE = 0.85;
/** Shorter roots stand in too many codes to mean anything. */
const SHORTEST_ROOT = 7;

const NOTHING: CodeLikeness = { score: 0, reason: null };

/** Letters and digits only, in one case and width. */
export function plainCode(code: string): string {
  return code
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
}

/** Item codes as hospitals shorten them: `00 331002001 0000`, `331002001 00` and `331002001` share a root. */
export function codeRoot(code: string): string {
  return plainCode(code).replace(/^0+/, '').replace(/0+$/, '');
}

export function codeLikeness(kind: CodeKind, local: string, national: string): CodeLikeness {
  if (local === national) return { score: 1, reason: '编码相同' };
  const [here, there] = [plainCode(local), plainCode(national)];
  if (here === '' || there === '') return NOTHING;
  if (here === there) return { score: 0.97, reason: '编码去掉标点和大小写后相同' };
  return kind === 'item' ? itemLikeness(here, there) : icdLikeness(here, there);
}

function itemLikeness(here: string, there: string): CodeLikeness {
  const [local, national] = [codeRoot(here), codeRoot(there)];
  if (local.length < SHORTEST_ROOT || national.length < SHORTEST_ROOT) return NOTHING;
  if (local === national) return { score: 0.93, reason: `编码去掉首尾的零后相同（${national}）` };
  if (here.includes(there)) return { score: 0.95, reason: '本地编码中含有国家编码' };
  if (local.includes(national))
    return { score: 0.88, reason: `本地编码中含有国家编码的主体（${national}）` };
  return NOTHING;
}

/** `A00.0` of `A00.051`: category of three characters, subcategory of four. */
function icdLikeness(here: string, there: string): CodeLikeness {
  if (here.length >= 4 && here.slice(0, 4) === there.slice(0, 4)) {
    return { score: 0.5, reason: `同属亚目 ${here.slice(0, 3)}.${here[3] ?? ''}` };
  }
  if (here.slice(0, 3) === there.slice(0, 3))
    return { score: 0.3, reason: `同属类目 ${here.slice(0, 3)}` };
  return NOTHING;
}
