import type pg from 'pg';
import { copyIn } from '../database/copy.client.js';
import type { CopyValue } from '../database/copy-text.js';
import { canonicalJson } from '../kernel/hash.js';
import type { Month } from '../kernel/period.js';
import type { CoverageCount } from './coverage.js';
import { type Finding, findingJson } from './finding.js';
import { ruleVersion } from './rule.js';
import { quantityText } from './scaled.js';

export interface RunRecord {
  readonly consortium: string;
  readonly months: readonly Month[];
  /** How many persons were audited anew; null: everybody. */
  readonly persons: number | null;
  readonly throughBatch: string;
  readonly rulesDigest: string;
  readonly knowledgeRelease: string;
  readonly resultDigest: string;
  readonly claims: number;
  readonly lines: number;
  readonly findings: number;
  readonly amountFen: bigint;
}

/** Ids of findings that people decided against. */
export async function readDismissed(
  client: pg.ClientBase,
  consortium: string,
): Promise<Set<string>> {
  const { rows } = await client.query<{ finding_id: string }>(
    "SELECT finding_id FROM review_decision WHERE consortium = $1 AND outcome = 'dismissed'",
    [consortium],
  );
  return new Set(rows.map((row) => row.finding_id));
}

export async function insertRun(client: pg.ClientBase, run: RunRecord): Promise<string> {
  const { rows } = await client.query<{ run_id: string }>(
    `INSERT INTO audit_run (consortium, months, rules_digest, knowledge_release, result_digest, claims, lines, findings, amount_fen, persons, through_batch)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING run_id`,
    [
      run.consortium,
      run.months,
      run.rulesDigest,
      run.knowledgeRelease,
      run.resultDigest,
      run.claims,
      run.lines,
      run.findings,
      run.amountFen.toString(),
      run.persons,
      run.throughBatch,
    ],
  );
  return rows[0]?.run_id ?? '';
}

export interface MonthResults {
  readonly consortium: string;
  readonly months: readonly Month[];
  /** Whose findings are replaced; null: everybody's, and the coverage with them. */
  readonly persons: readonly string[] | null;
  readonly runId: string;
  readonly findings: readonly Finding[];
  readonly coverage: readonly CoverageCount[];
}

/** Puts the months' findings and coverage in the place of the earlier ones. Decisions and deductions are other tables and stay. */
export async function replaceResults(client: pg.PoolClient, results: MonthResults): Promise<void> {
  const { consortium, months, persons, findings, coverage } = results;
  await client.query(
    `DELETE FROM finding WHERE consortium = $1 AND month = ANY($2)
        AND ($3::text[] IS NULL OR person_id = ANY($3))`,
    [consortium, months, persons],
  );
  if (persons === null) {
    await client.query('DELETE FROM audit_coverage WHERE consortium = $1 AND month = ANY($2)', [
      consortium,
      months,
    ]);
  }
  const key = (finding: Finding): CopyValue[] => [consortium, finding.month, finding.findingId];
  await copyIn(
    client,
    'finding',
    findings.map((finding) => [...key(finding), ...findingRow(finding, results.runId)]),
  );
  await copyIn(
    client,
    'finding_share',
    findings.flatMap((finding) =>
      finding.shares.map((share) => [
        ...key(finding),
        share.institution,
        share.settledBy,
        share.pool,
        share.amountFen,
        ...share.fundsFen,
      ]),
    ),
  );
  await copyIn(
    client,
    'finding_claim',
    findings.flatMap((finding) =>
      finding.claims.map(({ claim, role }) => [
        ...key(finding),
        claim.institution,
        claim.claimNo,
        claim.settledOn,
        role,
      ]),
    ),
  );
  await copyIn(
    client,
    'finding_line',
    findings.flatMap((finding) => lineRows(finding, key(finding))),
  );
  await copyIn(
    client,
    'audit_coverage',
    persons === null ? coverage.map((count) => coverageRow(consortium, count)) : [],
  );
}

function findingRow(finding: Finding, runId: string): CopyValue[] {
  const first = finding.claims[0]?.claim;
  return [
    runId,
    finding.rule.id,
    ruleVersion(finding.rule).slice(finding.rule.id.length + 1),
    finding.class,
    finding.mode,
    finding.role,
    finding.primaryFindingId,
    finding.certainty,
    finding.basis,
    finding.money,
    first?.institution ?? '',
    first?.claimNo ?? '',
    finding.personId,
    finding.amountFen,
    finding.message,
    canonicalJson(findingJson(finding)),
  ];
}

function lineRows(finding: Finding, key: readonly CopyValue[]): CopyValue[][] {
  return finding.lines.map((line) => [
    ...key,
    line.institution,
    line.claimNo,
    line.lineNo,
    line.settledOn,
    line.role,
    quantityText(line.quantity),
    line.amountFen,
  ]);
}

function coverageRow(consortium: string, count: CoverageCount): CopyValue[] {
  return [
    consortium,
    count.month,
    count.ruleId,
    count.institution,
    count.examined,
    count.hits,
    count.exempted,
    count.belowMinimum,
    canonicalJson(Object.fromEntries(count.notApplicable)),
  ];
}
