import type { AgencyCodes } from './agency-codes.js';
import type { ExportedFinding } from './exported-finding.js';
import type { WireObject } from './wire-table.js';

/** Feedback of one settlement unit, so few warnings that a message holds them. */
export interface UnitFeedback {
  readonly settledBy: string;
  /** The same from time to time, whatever else is decided meanwhile. */
  readonly bucket: string;
  readonly findings: readonly ExportedFinding[];
}

/** Decided findings by who settles the first claim, and by the first digit of their ids. */
export function feedbackByUnit(findings: readonly ExportedFinding[]): readonly UnitFeedback[] {
  const groups = new Map<
    string,
    { settledBy: string; bucket: string; findings: ExportedFinding[] }
  >();
  for (const finding of findings) {
    const settledBy = finding.claims[0]?.settledBy;
    if (finding.review === null || settledBy === undefined) continue;
    const bucket = finding.findingId.slice(0, 1);
    const key = `${settledBy} ${bucket}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { settledBy, bucket, findings: [finding] });
    else known.findings.push(finding);
  }
  return [...groups.values()];
}

/**
 * What was done about warnings (3103): dismissed ones went on and say why, upheld ones went back to be modified. Undecided findings have
 * no feedback yet.
 *
 * @source 医保信息平台接口规范 湖南 V1.1.27 交易 3103
 */
export function warningFeedback(
  findings: readonly ExportedFinding[],
  moment: 'before' | 'during',
  { warning, disposal }: AgencyCodes,
): WireObject {
  return {
    warn_type: warning[moment],
    warns: disposalsOf(findings, disposal).map(({ findingId, disposal: way, reason }) => ({
      warn_rslt_id: findingId,
      dspo_way: way,
      dspo_way_rea: reason,
    })),
  };
}

/** What was done about each decided finding. */
export function disposalsOf(
  findings: readonly ExportedFinding[],
  disposal: AgencyCodes['disposal'],
): readonly { readonly findingId: string; readonly disposal: string; readonly reason: string }[] {
  return findings.flatMap(({ findingId, review }) =>
    review === null
      ? []
      : [
          {
            findingId,
            disposal: review.upheld ? disposal.return : disposal.continue,
            reason: (review.second ?? review.first).opinion,
          },
        ],
  );
}
