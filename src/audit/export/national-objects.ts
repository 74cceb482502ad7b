import type { AgencyCodes } from './agency-codes.js';
import { reviewDocuments } from './documents.js';
import type { ExportedFinding } from './exported-finding.js';
import { warningFeedback } from './feedback.js';
import { judgeResult } from './judge-results.js';
import type { WireCodes, WireObject } from './wire-table.js';

/** Analysis before the visit, during it, feedback on it, documents of the review. */
export const OBJECTS = ['3101', '3102', '3103', '3701'] as const;
export type NationalObject = (typeof OBJECTS)[number];

/** What an object is made with beside the findings. */
export interface ObjectSetting {
  readonly codes: AgencyCodes;
  /** Of feedback: on warnings before the visit, or during it. */
  readonly moment: 'before' | 'during';
}

interface ObjectForm {
  /** Name of its field table. */
  readonly table: string;
  /** The node its rows stand under. */
  readonly node: string;
  rows(findings: readonly ExportedFinding[], setting: ObjectSetting): readonly WireObject[];
}

const results: ObjectForm['rows'] = (findings, { codes }) =>
  findings.filter(({ review }) => review?.upheld !== false).map((each) => judgeResult(each, codes));

export const FORMS: Readonly<Record<NationalObject, ObjectForm>> = {
  '3101': { table: '3101', node: 'result', rows: results },
  '3102': { table: '3101', node: 'result', rows: results },
  '3103': {
    table: '3103',
    node: 'data',
    rows: (findings, { codes, moment }) => {
      const feedback = warningFeedback(findings, moment, codes);
      return feedback['warns']?.length === 0 ? [] : [feedback];
    },
  },
  '3701': {
    table: '3701',
    node: 'data',
    rows: (findings, { codes }) => reviewDocuments(findings, codes),
  },
};

/** The code lists that an agency's codes amount to. */
export function codeListsOf(codes: AgencyCodes): WireCodes {
  const list = (entries: object): ReadonlySet<string> =>
    new Set(Object.values(entries).map(String));
  return {
    vola_amt_stas: list(codes.amountState),
    sev_deg: list(codes.severity),
    vola_bhvr_type: list(codes.behaviour),
    vola_item_type: list(codes.itemType),
    gend: list(codes.sexes),
    insutype: list(codes.pools),
  };
}
