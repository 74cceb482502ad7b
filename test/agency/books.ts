import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import type { CareType, Pool } from '../../src/claims/claim.js';
import type { Site } from '../../src/config/site.js';
import { yuan } from '../../src/kernel/money.js';
import type { BookRow } from './sandbox-process.js';

export const consortium = 'county';
export const LEAD = 'H46020000001';
export const CENTRE = 'H46020000003';
export const CLINIC = 'V46020000301';

/** A claim both sides may hold: builder for `claim` rows and for the agency's books, so that a test says only what differs. */
export interface ClaimFacts {
  readonly claimNo: string;
  readonly settledBy: string;
  readonly performedAt: string;
  readonly pool: Pool;
  readonly careType: CareType;
  readonly settledAt: string;
  readonly period: string;
  readonly personId: string;
  readonly totalFee: string;
  readonly fundPaid: string;
  readonly refundOf: string | null;
  readonly channel: 'direct' | 'manual';
}

export function claim(claimNo: string, facts: Partial<ClaimFacts> = {}): ClaimFacts {
  const settledBy = facts.settledBy ?? LEAD;
  const settledAt = facts.settledAt ?? '2024-03-05 10:00:00';
  return {
    claimNo,
    settledBy,
    performedAt: settledBy,
    pool: 'resident',
    careType: 'inpatient',
    settledAt,
    period: settledAt.slice(0, 7),
    personId: `P${claimNo}`,
    totalFee: '100.00',
    fundPaid: '60.00',
    refundOf: null,
    channel: 'direct',
    ...facts,
  };
}

const CLEARING: Readonly<Record<string, string>> = {
  inpatient: '21',
  outpatient: '11',
  chronic: '14',
};

export function bookRow(facts: ClaimFacts): BookRow {
  return {
    setl_id: facts.claimNo,
    mdtrt_id: `V${facts.claimNo}`,
    psn_no: facts.personId,
    fixmedins_code: facts.settledBy,
    insutype: facts.pool === 'employee' ? '310' : '390',
    clr_type: CLEARING[facts.careType] ?? '99',
    setl_time: facts.settledAt,
    medfee_sumamt: facts.totalFee,
    fund_pay_sumamt: facts.fundPaid,
    acct_pay: '0.00',
    refd_setl_flag: facts.refundOf === null ? '0' : '1',
    msgid: `${facts.settledBy}${facts.settledAt.replace(/\D/g, '')}${facts.claimNo.replace(/\D/g, '').padStart(4, '0').slice(-4)}`,
  };
}

export async function insertClaims(pool: pg.Pool, claims: readonly ClaimFacts[]): Promise<void> {
  for (const month of new Set(claims.map(({ settledAt }) => settledAt.slice(0, 7)))) {
    await pool.query('SELECT ensure_claim_partitions($1)', [month]);
  }
  for (const facts of claims) {
    const total = yuan(facts.totalFee).toString();
    const fund = yuan(facts.fundPaid).toString();
    const cash = (yuan(facts.totalFee) - yuan(facts.fundPaid)).toString();
    await pool.query(
      `INSERT INTO claim (consortium, settled_on, institution, claim_no, settled_by, level, period, content_hash, batch_id,
         raw_row, refund_of, person_id, sex, pool, care_type, treatment_area, channel, cause, settled_at, total_fee_fen,
         eligible_fen, deductible_fen, pooled_fund_paid_fen, critical_illness_paid_fen, large_expense_paid_fen,
         medical_aid_paid_fen, fund_paid_fen, account_paid_fen, cash_paid_fen)
       VALUES ($1, $2::timestamp::date, $3, $4, $5, 'primary', $6, 'hash', 0, 1, $7, $8, 'female', $9, $10, 'local', $11,
         'ordinary', $2::timestamp, $12, $12, 0, $13, 0, 0, 0, $13, 0, $14)`,
      [
        ...[consortium, facts.settledAt, facts.performedAt, facts.claimNo, facts.settledBy],
        ...[
          facts.period,
          facts.refundOf,
          facts.personId,
          facts.pool,
          facts.careType,
          facts.channel,
        ],
        ...[total, fund, cash],
      ],
    );
  }
}

const sites: string[] = [];

/** Removes the folders of every site made so far. */
export function removeSites(): void {
  for (const folder of sites.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A site whose agency is at `url`, in a folder of its own. */
export function siteAt(url: string, changes: Readonly<Record<string, string>> = {}): Site {
  const homeDir = join(import.meta.dirname, '../..');
  const siteDir = mkdtempSync(join(tmpdir(), 'heyi-site-'));
  sites.push(siteDir);
  const configDir = join(siteDir, 'config');
  cpSync(join(homeDir, 'config/agency'), join(configDir, 'agency'), { recursive: true });
  const limits = readFileSync(join(homeDir, 'config/limits.yaml'), 'utf8');
  writeFileSync(
    join(configDir, 'limits.yaml'),
    limits.replace(/backoffMs: 500$/m, 'backoffMs: 20'),
  );
  writeFileSync(join(siteDir, 'agency.yaml'), agencyYaml(url, changes));
  return { homeDir, configDir, siteDir, dataDir: siteDir };
}

function agencyYaml(
  url: string,
  { profile = 'sandbox', keys = '', timeoutMs = '500' }: Readonly<Record<string, string>>,
): string {
  return `
profile: ${profile}
connection: { url: '${url}', timeoutMs: ${timeoutMs}${keys} }
treatmentArea: 460200
settlementAgency: 460299
operator: { code: heyi, name: 合医网关, type: 1 }
settlementUnits:
  - { institution: ${LEAD}, name: 示范县人民医院 }
  - { institution: ${CENTRE}, name: 甲镇卫生院 }
settlementList: { department: 医保科, person: 填报员 }
`;
}
