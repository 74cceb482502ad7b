import { digest } from '../../kernel/hash.js';
import { type Fen, toYuan } from '../../kernel/money.js';
import type { AgencyCodes } from './agency-codes.js';
import type {
  ExportedClaim,
  ExportedFinding,
  ExportedReview,
  ExportedStage,
} from './exported-finding.js';
import { behaviourOf, partsOf, severityOf } from './judge-results.js';
import { fitting, type WireObject } from './wire-table.js';

/** What 3701's field table holds at most. */
const CONTENT = 2000;
const OPINION = 500;
const NAME = 200;

/**
 * Reviewed findings as documents (3701): a document a settlement, below it its suspicions with the chain of amounts from detection to
 * deduction, below them the lines. Codes whose lists the interface does not name are left out.
 *
 * @source 医保信息平台接口规范 湖南 V1.1.27 交易 3701 输出
 */
export function reviewDocuments(
  findings: readonly ExportedFinding[],
  codes: AgencyCodes,
): readonly WireObject[] {
  const byClaim = new Map<string, { claim: ExportedClaim; findings: ExportedFinding[] }>();
  for (const finding of findings) {
    const [claim] = finding.claims;
    if (claim === undefined || finding.review === null) continue;
    const key = documentId(claim);
    const known = byClaim.get(key);
    if (known === undefined) byClaim.set(key, { claim, findings: [finding] });
    else known.findings.push(finding);
  }
  return [...byClaim.values()].map((each) => documentOf(each.claim, each.findings, codes));
}

function documentId({ institution, claimNo }: ExportedClaim): string {
  return `${institution}-${claimNo}`;
}

function documentOf(
  claim: ExportedClaim,
  findings: readonly ExportedFinding[],
  codes: AgencyCodes,
): WireObject {
  const docId = documentId(claim);
  const [first] = findings;
  return {
    rid: digest({ docId }).slice(0, 32),
    docId,
    taskId: first?.task ?? '',
    mdtrtsn: claim.claimNo,
    medinsId: claim.institution,
    medinsName: claim.institutionName,
    patnId: first?.personId ?? '',
    gend: codes.sexes[claim.sex] ?? '',
    insutype: codes.pools[claim.pool] ?? '',
    ...given('admTime', claim.admittedAt),
    ...given('dscgTime', claim.dischargedAt),
    setlTime: claim.settledAt,
    ...given('dscgMainDisediagCodg', claim.principalDiagnosis),
    docSusptDTOS: findings.flatMap((finding) =>
      finding.review === null ? [] : [suspicion(finding, finding.review, { docId, codes })],
    ),
  };
}

function suspicion(
  finding: ExportedFinding,
  review: ExportedReview,
  { docId, codes }: { readonly docId: string; readonly codes: AgencyCodes },
): WireObject {
  const { first, appeal, second, panel } = review;
  return {
    docId,
    docSusptId: finding.findingId,
    taskId: finding.task,
    volaRsltId: finding.findingId,
    volaBhvrType: behaviourOf(finding, codes),
    volaCont: fitting(finding.message, CONTENT),
    ruleId: finding.ruleId,
    ...given('ruleCode', finding.official),
    ruleName: fitting(finding.ruleTitle, NAME),
    ruleSevDeg: severityOf(finding, codes),
    checkoutTime: finding.foundAt,
    checkoutSusptAmt: toYuan(finding.amount),
    chker: first.by,
    chkerName: first.by,
    chktime: first.at,
    chkOpnn: fitting(first.opinion, CONTENT),
    chkVolaAmt: toYuan(first.amount ?? finding.amount),
    ...appealFields(appeal),
    ...secondFields(second),
    ...panelFields(panel),
    cnfmVolaAmt: toYuan(review.confirmed),
    volaDetAmt: toYuan(review.deducted),
    ...given('detTime', review.deductedAt),
    detRea: fitting((panel ?? second ?? first).opinion, OPINION),
    rvisAmt: toYuan(review.compensated),
    susptAddWay: codes.addedByRule,
    violationDetailIds: linesOf(finding, review, docId),
  };
}

function appealFields(stage: ExportedStage | null): WireObject {
  if (stage === null) return {};
  return {
    ...{ appler: stage.by, applerName: stage.by, applTime: stage.at },
    applRea: fitting(stage.opinion, OPINION * 2),
    ...given('applAmt', stage.amount === null ? null : toYuan(stage.amount)),
  };
}

function secondFields(stage: ExportedStage | null): WireObject {
  if (stage === null) return {};
  return {
    ...{ rchker: stage.by, rchkerName: stage.by, rchkTime: stage.at },
    rchkOpnn: fitting(stage.opinion, OPINION),
  };
}

function panelFields(stage: ExportedStage | null): WireObject {
  if (stage === null) return {};
  return { clglCcls: fitting(stage.opinion, OPINION * 2), clglTime: stage.at };
}

/** Lines of the document's claim and of the others alike; a finding on a case as a whole names the case. */
function linesOf(
  finding: ExportedFinding,
  { confirmed, deducted }: ExportedReview,
  docId: string,
): readonly WireObject[] {
  const head = { docId, docSusptId: finding.findingId };
  const violating = finding.lines.filter((line) => line.violating);
  if (violating.length === 0) {
    const claims = finding.claims.filter((claim) => claim.violating);
    return claims.slice(0, 1).map(({ claimNo }) => ({
      ...{ ...head, relDetlDataId: claimNo, taskId: finding.task },
      ...{ cnfmVolaAmt: toYuan(confirmed), volaDetAmt: toYuan(deducted) },
    }));
  }
  const upheld = partsOf(confirmed, finding.lines);
  const taken = partsOf(deducted, finding.lines);
  const shown = (part: Fen | undefined) => (part === undefined ? '' : toYuan(part));
  return violating.map((line, index) => ({
    ...head,
    docSusptDetlId: `${finding.findingId}-${index + 1}`,
    taskId: finding.task,
    relDetlDataId: line.lineNo,
    feedetlId: line.lineNo,
    ...given('hilistCode', line.itemCode),
    hilistName: fitting(line.itemName, NAME),
    feeOcurTime: line.chargedOn,
    cnt: line.quantity,
    sumamt: toYuan(line.amount),
    cnfmVolaAmt: shown(upheld.get(line)),
    volaDetAmt: shown(taken.get(line)),
  }));
}

function given(name: string, value: string | null): WireObject {
  return value === null ? {} : { [name]: value };
}
