import type { InspectedColumn, ProbeFinding } from '../connector.js';

/** Oldest versions that the statements sent to a source are written for. */
const OLDEST = {
  PostgreSQL: 10,
  MySQL: 5.6,
  MariaDB: 10.2,
  'SQL Server': 11, // 2012
} as const;

/** The server's version against what is supported. */
export function versionFinding(product: keyof typeof OLDEST, version: string): ProbeFinding {
  const check = '版本';
  const number = Number(/\d+(?:\.\d+)?/.exec(version)?.[0] ?? 'NaN');
  const comparable =
    product === 'PostgreSQL' || product === 'SQL Server' ? Math.trunc(number) : number;
  const old = Number.isNaN(number) || ordered(comparable) < ordered(OLDEST[product]);
  return {
    check,
    ok: true,
    detail: `${product} ${version}`,
    ...(old
      ? {
          remedy: `低于所支持的 ${product} ${OLDEST[product]}：请先试跑 --dry-run 核对，或由来源升级。`,
        }
      : {}),
  };
}

/** 10.11 comes after 10.2. */
function ordered(version: number): number {
  const [major = '0', minor = '0'] = String(version).split('.');
  return Number(major) * 1000 + Number(minor);
}

/** What the login may do beyond reading, by the catalogue. */
export function loginFinding(beyond: readonly string[], grants: readonly string[]): ProbeFinding {
  const check = '账号只读';
  return beyond.length === 0
    ? { check, ok: true, detail: '账号没有写权限' }
    : {
        check,
        ok: false,
        detail: `账号拥有写权限：${beyond.slice(0, 8).join('、')}${beyond.length > 8 ? ' 等' : ''}`,
        remedy: `请为网关建立只有 SELECT 权限的账号：${grants.join(' ')}`,
      };
}

/** Families of types by the names that databases give them. */
export function familyOf(type: string): InspectedColumn['family'] {
  if (/float|double|real/i.test(type)) return 'float';
  if (/int(?!erval)|dec|num|money|serial/i.test(type)) return 'number';
  if (/date|time|year/i.test(type)) return 'moment';
  if (/char|text|clob|enum|set\b|uuid|name/i.test(type)) return 'text';
  return 'other';
}
