import type { DemoClaim } from '../claims/model.js';
import { INPATIENT_PROFILES } from '../claims/ordinary.js';
import type { InpatientProfile } from '../profiles/profile.js';
import { yuanText } from '../sources/source-table.js';

const HEADER = 'code,name,type,diagnosis,operations,cases,score,mean,lower,upper,factors';
/** Left out on purpose: their cases reach no group. */
const UNGROUPED = new Set(['N39.0', 'O80.0']);
/** In the catalogue without a score: paid as booked. */
const WITHOUT_SCORE = new Set(['K92.2']);
/** Same disease, same pay: no institution coefficient. */
const BASIC = new Set(['K29.5', 'J18.9']);
const TEN_YUAN = 1000n;

interface Group {
  readonly diagnosis: string;
  readonly operation: string;
  readonly cases: number;
  /** Fen, rounded to ten yuan. */
  readonly mean: bigint;
}

/** A made-up DIP catalogue from the county's own stays: score = group mean ÷ mean of all × 1000. */
export function dipCatalogue(claims: readonly DemoClaim[]): string {
  const stays = claims.filter((claim) => claim.careType === 'inpatient' && claim.refunds === null);
  const overall = meanOf(stays);
  const groups = INPATIENT_PROFILES.map((profile) => groupOf(profile, stays));
  const distinct = new Map(groups.map((group) => [`${group.diagnosis}:${group.operation}`, group]));
  const rows = [...distinct.entries()]
    .filter(([, { diagnosis }]) => !UNGROUPED.has(diagnosis))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => rowOf(group, overall));
  return `${[HEADER, ...rows, comprehensive(stays, overall)].join('\n')}\n`;
}

function groupOf(profile: InpatientProfile, stays: readonly DemoClaim[]): Group {
  const diagnosis = profile.diagnosis.slice(0, 5);
  const operation = profile.procedures[0] ?? '';
  const own = stays.filter(
    (claim) =>
      claim.diagnoses[0]?.startsWith(diagnosis) && (claim.procedures[0] ?? '') === operation,
  );
  return { diagnosis, operation, cases: own.length, mean: meanOf(own) };
}

function meanOf(claims: readonly DemoClaim[]): bigint {
  if (claims.length === 0) return TEN_YUAN;
  const sum = claims.reduce((total, { money }) => total + money.total, 0n);
  return (sum / BigInt(claims.length) / TEN_YUAN + 1n) * TEN_YUAN;
}

function rowOf({ diagnosis, operation, cases, mean }: Group, overall: bigint): string {
  const surgical = operation !== '' && !operation.startsWith('99') && !operation.startsWith('39');
  const type = surgical
    ? 'core-surgery'
    : operation === ''
      ? 'core-conservative'
      : 'core-therapeutic';
  const code = operation === '' ? diagnosis : `${diagnosis}-${operation}`;
  const score = WITHOUT_SCORE.has(diagnosis) ? '0' : scoreOf(mean, overall);
  const factors = BASIC.has(diagnosis) ? 'coefficient=1' : '';
  return cells([
    code,
    `样例病种 ${code}`,
    type,
    diagnosis,
    operation,
    String(cases),
    score,
    ...bounds(mean),
    factors,
  ]);
}

/** One comprehensive group at three characters, for coronary stays that no core group fits. */
function comprehensive(stays: readonly DemoClaim[], overall: bigint): string {
  const own = stays.filter((claim) => claim.diagnoses[0]?.startsWith('I25'));
  const mean = meanOf(own);
  return cells([
    'I25',
    '样例综合病种 I25',
    'comprehensive-conservative',
    'I25',
    '',
    String(own.length),
    scoreOf(mean, overall),
    ...bounds(mean),
    '',
  ]);
}

function bounds(mean: bigint): string[] {
  return [mean, mean / 2n, mean * 2n].map(yuanText);
}

/** Per mille of the overall mean, two decimals. */
function scoreOf(mean: bigint, overall: bigint): string {
  return yuanText((mean * 100_000n + overall / 2n) / overall);
}

function cells(values: readonly string[]): string {
  return values.join(',');
}
