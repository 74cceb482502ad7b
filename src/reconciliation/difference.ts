import type { Pool } from '../claims/claim.js';
import type { Fen } from '../kernel/money.js';

/** How two sides can differ. The kind says who must look. */
export const DIFFERENCE_KINDS = {
  'source-extra': { label: '来源多出', owner: 'it-engineer' },
  'gateway-extra': { label: '网关多出', owner: 'settlement-clerk' },
  'agency-extra': { label: '经办多出', owner: 'settlement-clerk' },
  'amount-differs': { label: '金额不符', owner: 'settlement-clerk' },
  quarantined: { label: '已隔离', owner: 'it-engineer' },
  'unknown-outcome': { label: '报文结果未知', owner: 'settlement-clerk' },
  rejected: { label: '报文被拒', owner: 'settlement-clerk' },
  'stale-declaration': { label: '申报后账目有变，需重新申报', owner: 'settlement-clerk' },
  late: { label: '迟到，计入后月', owner: 'settlement-clerk' },
  adjusted: { label: '关账后变动，计入后月', owner: 'settlement-clerk' },
  'refund-unpaired': { label: '退费找不到原结算', owner: 'it-engineer' },
  'over-refund': { label: '退费超过原结算', owner: 'settlement-clerk' },
  'refund-mismatch': { label: '退费与原结算的人或险种不符', owner: 'settlement-clerk' },
} as const;
export type DifferenceKind = keyof typeof DIFFERENCE_KINDS;
export type DifferenceOwner = (typeof DIFFERENCE_KINDS)[DifferenceKind]['owner'];

export interface Difference {
  /** The same difference has the same key in every run. */
  readonly key: string;
  readonly kind: DifferenceKind;
  readonly between: 'source-gateway' | 'gateway-agency';
  /** The institution whose matter it is: the performing one towards the source, the settlement unit towards the agency. */
  readonly institution: string;
  readonly pool: Pool | null;
  readonly claimNo: string | null;
  /** The amount in dispute; source rows and quarantine by total fee, claims by fund payment. */
  readonly amountFen: Fen;
  /** What a person needs to find it, without anybody's name. */
  readonly evidence: Readonly<Record<string, string>>;
}
