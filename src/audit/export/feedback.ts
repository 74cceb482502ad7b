import type { AgencyCodes } from './agency-codes.js';
import type { ExportedFinding } from './exported-finding.js';
import type { WireObject } from './wire-table.js';

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
    warns: findings.flatMap(({ findingId, review }) =>
      review === null
        ? []
        : {
            warn_rslt_id: findingId,
            dspo_way: review.upheld ? disposal.return : disposal.continue,
            dspo_way_rea: (review.second ?? review.first).opinion,
          },
    ),
  };
}
