import type { SetId } from './knowledge.js';

/** Where a point of an earlier batch is found: names are unique within a batch and set of drugs. */
export interface PointReference {
  readonly batch: string;
  readonly set: SetId;
  readonly name: string;
}

/** One knowledge point as an official list writes it, before its limit is worked out. */
export interface OfficialPoint {
  readonly batch: string;
  readonly set: SetId;
  /** null when the list does not name the class. */
  readonly ruleClass: string | null;
  readonly name: string;
  readonly codes: readonly string[];
  /** The wording (药品说明, 项目说明, 备注). */
  readonly text: string;
  /** Limit cells, where the list has them in columns of their own. */
  readonly cells: LimitCells;
  readonly supersedes: PointReference | null;
  /** File, sheet and row, for messages. */
  readonly place: string;
}

export interface LimitCells {
  /** 限定对象、限定性别、限定值域 */
  readonly value?: string;
  /** 限制数量、频次上限 */
  readonly count?: string;
  /** 数量单位 */
  readonly unit?: string;
  /** 疗程周期, in days */
  readonly days?: string;
  /** 频度 */
  readonly window?: string;
  readonly containedCode?: string;
  readonly containedName?: string;
}

/** National codes: drugs 20 or 23 characters, service items 15 digits, TCM pieces T and 9 digits. */
const NATIONAL_CODE = /^(?:[XZ][A-Z0-9]{19}|[XZ][A-Z0-9]{22}|\d{15}|T\d{9})$/;
const RADICALS = /[\u2e80-\u2fdf]/g;

export function isNationalCode(text: string): boolean {
  return NATIONAL_CODE.test(text);
}

/** One line, single spaces, and real characters where a list was set with look-alike radicals (⼉童 for 儿童). */
export function tidy(text: string): string {
  return text
    .replaceAll(RADICALS, (radical) => radical.normalize('NFKC'))
    .replaceAll(/\s+/g, ' ')
    .trim();
}
