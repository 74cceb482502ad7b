import { decimal } from '../../kernel/decimal.js';
import { allocate, type Fen, toYuan, ZERO_FEN } from '../../kernel/money.js';
import type { AgencyCodes } from './agency-codes.js';
import type { ExportedFinding, ExportedLine } from './exported-finding.js';
import { fitting, type WireObject } from './wire-table.js';

/** What 3101's field table holds at most. */
const TEXT = 500;
const RULE_NAME = 200;

/**
 * A finding as the result of an analysis before or during the visit (3101, 3102): one to one, with what is violated and what is
 * involved. The amounts of the details add up to the finding's.
 *
 * @source 医保信息平台接口规范 湖南 V1.1.27 交易 3101、3102 输出
 */
export function judgeResult(finding: ExportedFinding, codes: AgencyCodes): WireObject {
  const { findingId, ruleId, ruleTitle, personId, amount } = finding;
  const details = detailsOf(finding);
  return {
    jr_id: findingId,
    rule_id: finding.official ?? ruleId,
    rule_name: fitting(ruleTitle, RULE_NAME),
    vola_cont: fitting(finding.message, TEXT),
    patn_id: personId,
    mdtrt_id: finding.claims[0]?.claimNo ?? '',
    vola_amt: toYuan(amount),
    vola_amt_stas: finding.computed ? codes.amountState.computed : codes.amountState.open,
    sev_deg: severityOf(finding, codes),
    vola_evid: fitting(finding.evidence, TEXT),
    vola_bhvr_type: behaviourOf(finding, codes),
    task_id: finding.task,
    judge_result_detail_dtos: details.map(({ claimNo, lineNo, violating, part }, index) => ({
      jrd_id: `${findingId}-${index + 1}`,
      patn_id: personId,
      mdtrt_id: claimNo,
      ...(lineNo === null ? {} : { rx_id: lineNo }),
      vola_item_type: violating ? codes.itemType.violating : codes.itemType.involved,
      vola_amt: toYuan(part),
    })),
  };
}

/** Clear violations, suspicions that stand out, and the rest. */
export function severityOf(
  finding: Pick<ExportedFinding, 'certainty' | 'class'>,
  { severity }: AgencyCodes,
): string {
  if (finding.class === 'HARD') return severity.hard;
  return finding.class === 'SUSP' && finding.certainty === 'core' ? severity.core : severity.watch;
}

/** About items charged, or about the visit as a whole. */
export function behaviourOf(
  { lines }: Pick<ExportedFinding, 'lines'>,
  { behaviour }: AgencyCodes,
): string {
  return lines.some(({ violating }) => violating) ? behaviour.item : behaviour.case;
}

interface Detail {
  readonly claimNo: string;
  /** Null: the visit as a whole. */
  readonly lineNo: string | null;
  readonly violating: boolean;
  readonly part: Fen;
}

/** Lines where the finding is about lines, else its claims. What is only involved carries no money. */
function detailsOf(finding: ExportedFinding): readonly Detail[] {
  const { amount, claims, lines } = finding;
  if (lines.length > 0) {
    const parts = partsOf(amount, lines);
    return lines.map((line) => ({ ...line, part: parts.get(line) ?? ZERO_FEN }));
  }
  const [first] = claims;
  return claims.map((claim) => ({
    ...{ claimNo: claim.claimNo, lineNo: null, violating: claim.violating },
    part: claim === first ? amount : ZERO_FEN,
  }));
}

/** The finding's fund money over its violating lines, in proportion to what they charge; adds up to the fen. */
export function partsOf(
  amount: Fen,
  lines: readonly ExportedLine[],
): ReadonlyMap<ExportedLine, Fen> {
  const violating = lines.filter((line) => line.violating);
  if (violating.length === 0) return new Map();
  const charged = violating.some((line) => line.amount > 0n);
  const weights = violating.map((line) => decimal(charged ? line.amount.toString() : '1'));
  const parts = allocate(amount, weights);
  return new Map(violating.map((line, index) => [line, parts[index] ?? ZERO_FEN]));
}
