import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AssessmentService } from '../../src/assessment/assessment.service.js';
import type { Site } from '../../src/config/site.js';
import { CONSORTIUM, makeSite } from '../settlement/site.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Indicators on the books: SY-17, SY-20, SY-22, HN-07, HN-10, GY-18, GY-20, JL-12, JL-17, HI-09, HI-10. */

interface Visit {
  readonly no: string;
  readonly at: 'L' | 'T' | 'C';
  readonly person: string;
  readonly care: 'outpatient' | 'inpatient';
  readonly settled: string;
  readonly stay?: readonly [admitted: string, discharged: string];
  readonly mode?: string;
  /** Fen: total, within scope, fund. */
  readonly money: readonly [number, number, number];
}

const VISITS: readonly Visit[] = [
  {
    no: '1',
    at: 'L',
    person: 'A',
    care: 'inpatient',
    settled: '2024-03-10',
    stay: ['2024-03-01', '2024-03-10'],
    mode: 'ordered',
    money: [900_00, 800_00, 600_00],
  },
  // fifteen days later: a readmission; the sixteenth day would be none
  {
    no: '2',
    at: 'T',
    person: 'A',
    care: 'inpatient',
    settled: '2024-03-27',
    stay: ['2024-03-25', '2024-03-27'],
    mode: 'transfer',
    money: [300_00, 300_00, 200_00],
  },
  {
    no: '3',
    at: 'L',
    person: 'B',
    care: 'inpatient',
    settled: '2024-04-02',
    stay: ['2024-04-01', '2024-04-02'],
    mode: 'against-advice',
    money: [200_00, 200_00, 100_00],
  },
  {
    no: '4',
    at: 'L',
    person: 'B',
    care: 'inpatient',
    settled: '2024-04-20',
    stay: ['2024-04-18', '2024-04-20'],
    mode: 'ordered',
    money: [200_00, 200_00, 100_00],
  },
  // in the middle of A's first stay
  {
    no: '5',
    at: 'L',
    person: 'A',
    care: 'outpatient',
    settled: '2024-03-05',
    money: [100_00, 100_00, 50_00],
  },
  {
    no: '6',
    at: 'C',
    person: 'C',
    care: 'outpatient',
    settled: '2024-03-05',
    money: [30_00, 30_00, 20_00],
  },
  {
    no: '7',
    at: 'T',
    person: 'C',
    care: 'outpatient',
    settled: '2024-03-06',
    money: [70_00, 70_00, 40_00],
  },
  {
    no: '8',
    at: 'T',
    person: 'C',
    care: 'outpatient',
    settled: '2023-03-06',
    money: [900_00, 900_00, 400_00],
  },
];
const LEVELS = { L: 'secondary', T: 'primary', C: 'village' } as const;

let database: TestDatabase;
let site: Site;

beforeAll(async () => {
  database = await createTestDatabase();
  site = makeSite();
  for (const month of ['2023-03', '2024-03', '2024-04'])
    await database.pool.query('SELECT ensure_claim_partitions($1)', [month]);
  for (const { no, at, person, care, settled, stay, mode, money } of VISITS) {
    const [total, eligible, fund] = money;
    await database.pool.query(
      `INSERT INTO claim (consortium, settled_on, institution, claim_no, settled_by, level, period, content_hash, batch_id, raw_row, person_id,
         sex, pool, care_type, treatment_area, channel, cause, settled_at, admitted_at, discharged_at, discharge_mode, total_fee_fen,
         eligible_fen, deductible_fen, pooled_fund_paid_fen, critical_illness_paid_fen, large_expense_paid_fen, medical_aid_paid_fen,
         fund_paid_fen, account_paid_fen, cash_paid_fen)
       VALUES ($1, $2::date, $3, $4, $5, $6, to_char($2::date, 'YYYY-MM'), '', 1, 1, $7, 'male', 'resident', $8, 'local', 'direct', 'ordinary', $2::date,
         $9, $10, $11, $12::bigint, $13::bigint, 0, $14::bigint, 0, 0, 0, $14::bigint, 0, $12::bigint - $14::bigint)`,
      [
        CONSORTIUM,
        settled,
        at,
        no,
        at === 'C' ? 'T' : at,
        LEVELS[at],
        person,
        care,
        stay?.[0] ?? null,
        stay?.[1] ?? null,
        mode ?? null,
        total,
        eligible,
        fund,
      ],
    );
  }
});

afterAll(async () => {
  rmSync(site.siteDir, { recursive: true });
  await database.drop();
});

async function values(
  institution: string | null,
): Promise<Readonly<Record<string, string | null>>> {
  const units = await new AssessmentService(database.pool, site).assess({
    consortium: CONSORTIUM,
    period: '2024',
  });
  const unit = units.find((each) => each.institution === institution);
  return Object.fromEntries(
    (unit?.indicators ?? []).map(({ id, value }) => [id, value?.toFixed(4) ?? null]),
  );
}

describe('indicators of a year', () => {
  it('adds up the whole consortium', async () => {
    expect(await values(null)).toMatchObject({
      'transfer-share': '0.2500', // 1 of 4 stays
      'against-advice-share': '0.2500',
      'average-stay': '3.5000', // (9 + 2 + 1 + 2) ÷ 4
      'readmission-share': '0.2500', // A after 15 days; B after 16 is none
      'outpatient-during-stay-share': '0.2500',
      'primary-visit-share': '0.6667', // T and its clinic, 2 of 3
      'self-funded-share': '0.0556', // 100 of 1,800
      'deduction-share': '0.0000',
    });
  });

  it('counts a clinic with its township centre', async () => {
    expect(await values('T')).toMatchObject({
      'primary-visit-share': '1.0000',
      'average-stay': '2.0000',
    });
    expect(await values('L')).toMatchObject({
      'readmission-share': '0.0000',
      'average-stay': '4.0000',
    });
  });

  it('proposes no grade while the scheme is open, and lists what is open', async () => {
    const [whole] = await new AssessmentService(database.pool, site).assess({
      consortium: CONSORTIUM,
      period: '2024',
    });
    expect(whole?.proposed).toBeNull();
    expect(whole?.gaps.map(({ id }) => id)).toEqual([
      'assessment.scheme',
      'assessment.grade_bounds',
      'indicators.limits',
    ]);
  });

  it('says that a year has no claims', async () => {
    const asked = new AssessmentService(database.pool, site).assess({
      consortium: CONSORTIUM,
      period: '2019',
    });
    await expect(asked).rejects.toThrow('2019 没有结算记录');
  });
});
