import type { DemoClaim } from '../claims/model.js';
import { sumFen } from '../claims/model.js';
import { type County, patientsOf } from '../county/county.js';
import { INSTITUTIONS, type Institution } from '../county/institutions.js';
import { dropsOf } from '../drops/drop.js';
import { localCodeOf } from '../items/catalogue.js';
import { yuanText } from '../sources/source-table.js';
import { bookedOf, booksOf, type Entry } from './books.js';
import type { LandedTruth, QuarantineTruth, SourceTruth, UnmappedTruth } from './truth.js';

/** Rows and money that each member's own system counts for the year. */
export function sourceTruth(county: County): SourceTruth[] {
  return INSTITUTIONS.flatMap((institution) => {
    const claims = county.claims.get(institution.code) ?? [];
    const lines = claims.flatMap((claim) => claim.lines);
    const row = (stream: string, rows: number, fen?: bigint): SourceTruth => ({
      institution: institution.code,
      stream,
      rows,
      amount: fen === undefined ? null : yuanText(fen),
    });
    return [
      row('persons', personRows(institution, claims)),
      row('claims', claims.length, sumFen(claims.map(({ money }) => money.total))),
      row('lines', lines.length, sumFen(lines.map(({ amount }) => amount))),
      row('diagnoses', diagnosisRows(institution, claims)),
      ...(hasProcedures(institution)
        ? [
            row(
              'procedures',
              count(claims, ({ procedures }) => procedures.length),
            ),
          ]
        : []),
    ];
  });
}

const isClinic = (institution: Institution): boolean => institution.level === 'village';
const hasProcedures = ({ source }: Institution): boolean => source === 'lead' || source === 'tcm';
const count = (claims: readonly DemoClaim[], of: (claim: DemoClaim) => number): number =>
  claims.reduce((sum, claim) => sum + of(claim), 0);

/** A hospital registers a person once; a clinic names its people in every file. */
function personRows(institution: Institution, claims: readonly DemoClaim[]): number {
  if (!isClinic(institution)) return patientsOf(claims).size;
  return dropsOf(institution, claims).reduce((sum, drop) => sum + patientsOf(drop.claims).size, 0);
}

/** The flat CSV has room for the principal diagnosis only. */
function diagnosisRows(institution: Institution, claims: readonly DemoClaim[]): number {
  return institution.source === 'clinic-csv'
    ? claims.length
    : count(claims, ({ diagnoses }) => diagnoses.length);
}

/** What must lie in the books, by accounting month, member, pool and care type. */
export function landedTruth(books: readonly Entry[]): LandedTruth[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of books) {
    const { institution, person, careType } = entry.claim;
    const key = [entry.period, institution.code, person.pool, careType].join('|');
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entries]) => {
      const [period = '', institution = '', pool = '', careType = ''] = key.split('|');
      const claims = entries.map(({ claim }) => claim);
      return {
        ...{ period, institution, pool, careType },
        settledBy: claims[0]?.institution.settledBy ?? '',
        claims: claims.length,
        lines: count(claims, landedLines),
        total: yuanText(sumFen(claims.map(({ money }) => money.total))),
        booked: yuanText(sumFen(claims.map(bookedOf))),
      };
    });
}

function landedLines({ lines, dirt }: DemoClaim): number {
  return dirt?.kind === 'no-such-charge-date' || dirt?.kind === 'amount-contradicts-price'
    ? lines.length - 1
    : lines.length;
}

export function quarantineTruth(county: County): QuarantineTruth[] {
  const rows = new Map<string, QuarantineTruth>();
  for (const { institution, stream, expected } of county.dirt) {
    if (expected === 'lands' || stream === 'file') continue;
    const key = [institution, stream, expected].join('|');
    rows.set(key, { institution, stream, rule: expected, rows: (rows.get(key)?.rows ?? 0) + 1 });
  }
  return [...rows.values()];
}

/** Local items without a national code, as the mapping worklist must show them. */
export function unmappedTruth(county: County): UnmappedTruth[] {
  const found = new Map<string, { rows: number; fen: bigint; institution: string; code: string }>();
  for (const { claim } of booksOf(county)) {
    for (const line of claim.lines) {
      if (line.item.code !== null) continue;
      const code = localCodeOf(claim.institution.source, line.item);
      const key = `${claim.institution.code}|${code}`;
      const sofar = found.get(key) ?? {
        rows: 0,
        fen: 0n,
        institution: claim.institution.code,
        code,
      };
      found.set(key, { ...sofar, rows: sofar.rows + 1, fen: sofar.fen + line.amount });
    }
  }
  return [...found.values()].map(({ rows, fen, institution, code }) => ({
    institution,
    code,
    lines: rows,
    amount: yuanText(fen),
  }));
}
