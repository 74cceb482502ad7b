import type pg from 'pg';
import type { CareType, Pool } from '../claims/claim.js';
import { sha256 } from '../kernel/hash.js';
import { type Fen, fen, sum, toYuan } from '../kernel/money.js';
import { firstDay, type Month, nextMonth } from '../kernel/period.js';
import type { UploadContent } from './content.js';
import type { ClaimTotals } from './declaration.js';
import { DetailFileTooLargeError } from './errors.js';
import type { AgencyProfile } from './profile.js';
import { writeRows, zipText } from './text-file.js';

/**
 * The books as the agency will judge them: claims by the month they were settled in (not the accounting month), settled at the point
 * of care (paper claims never passed through an institution), refunds as rows of their own; each as it stands at its source now.
 */
const DECLARED = `consortium = $1 AND settled_on >= $2::date AND settled_on < $3::date AND channel = 'direct'`;

export async function claimTotals(
  client: pg.PoolClient,
  consortium: string,
  month: Month,
): Promise<readonly ClaimTotals[]> {
  const { rows } = await client.query<
    Record<'settledBy' | 'total' | 'fund' | 'account', string> & {
      readonly pool: Pool;
      readonly careType: CareType;
      readonly claims: number;
    }
  >(
    `SELECT settled_by AS "settledBy", pool, care_type AS "careType", count(*)::int AS claims,
       sum(total_fee_fen)::text AS total, sum(fund_paid_fen)::text AS fund, sum(account_paid_fen)::text AS account
     FROM claim_standing WHERE ${DECLARED} GROUP BY settled_by, pool, care_type
     ORDER BY settled_by, pool, care_type`,
    [consortium, firstDay(month), firstDay(nextMonth(month))],
  );
  return rows.map(({ settledBy, pool, careType, claims, total, fund, account }) => ({
    ...{ settledBy, pool, careType, claims },
    totalFeeFen: fenOf(total),
    fundPaidFen: fenOf(fund),
    accountPaidFen: fenOf(account),
  }));
}

export interface DetailGroup {
  readonly consortium: string;
  readonly institution: string;
  readonly month: Month;
  readonly clearingType: string;
}

/**
 * The detail file of one institution, month and clearing type, packed, with the totals that go beside it.
 *
 * @throws DetailFileTooLargeError
 */
export async function buildDetailFile(
  client: pg.PoolClient,
  group: DetailGroup,
  { profile, mostRows }: { readonly profile: AgencyProfile; readonly mostRows: number },
): Promise<UploadContent> {
  const { consortium, institution, month, clearingType } = group;
  const { rows } = await client.query<
    Record<'claimNo' | 'personId' | 'total' | 'fund' | 'account' | 'cash', string> & {
      readonly isRefund: boolean;
    }
  >(
    `SELECT source_claim_no AS "claimNo", person_id AS "personId", refund_of IS NOT NULL AS "isRefund",
       total_fee_fen AS total, fund_paid_fen AS fund, account_paid_fen AS account, cash_paid_fen AS cash
     FROM claim_standing WHERE ${DECLARED} AND settled_by = $4 AND care_type = ANY($5::text[])
     ORDER BY source_claim_no COLLATE "C", institution COLLATE "C" LIMIT $6`,
    [
      ...[consortium, firstDay(month), firstDay(nextMonth(month)), institution],
      profile.clearingTypes[clearingType] ?? [],
      mostRows + 1,
    ],
  );
  if (rows.length > mostRows) {
    throw new DetailFileTooLargeError(`${institution} ${month} 明细超过 ${mostRows} 行`, {
      mostRows,
    });
  }
  const { ordinary, refund } = profile.refundFlags;
  const text = writeRows(
    rows.map(({ claimNo, personId, total, fund, account, isRefund }) => [
      ...[claimNo, claimNo, personId], // the claim carries no visit number of its own
      ...[total, fund, account].map((amount) => toYuan(fenOf(amount))),
      isRefund ? refund : ordinary,
    ]),
  );
  const name = `${institution}-${month}-${clearingType}.txt`;
  return {
    ...{ institution, month, clearingType, claims: rows.length },
    totalFee: toYuan(sum(rows.map(({ total }) => fenOf(total)))),
    fundPaid: toYuan(sum(rows.map(({ fund }) => fenOf(fund)))),
    cashPaid: toYuan(sum(rows.map(({ cash }) => fenOf(cash)))),
    fileName: `${name}.zip`,
    textDigest: sha256(text),
    archiveBase64: Buffer.from(zipText(name, text)).toString('base64'),
  };
}

function fenOf(text: string): Fen {
  return fen(BigInt(text));
}
