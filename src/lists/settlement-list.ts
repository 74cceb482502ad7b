import type { ListField, ListSection } from './field-table.js';

/** Fields of one row by their names on the wire; a field without a value is absent. */
export type ListRow = Readonly<Record<string, string>>;
export type SettlementList = Readonly<Record<ListSection, readonly ListRow[]>>;

/** A coded diagnosis or procedure of a case. */
export interface ListCode {
  readonly code: string;
  /** As the national list names it; null when the list has no such code. */
  readonly name: string | null;
  readonly isPrincipal: boolean;
}

/** An inpatient settlement as far as the books know it, with what the hospital supplements. */
export interface ListCase {
  readonly claimNo: string;
  readonly personId: string;
  readonly settledAt: string;
  /** A date or a date-time, as precise as the source. */
  readonly admittedAt: string | null;
  readonly dischargedAt: string | null;
  readonly dischargeMode: string | null;
  readonly diagnoses: readonly ListCode[];
  readonly procedures: readonly (ListCode & { readonly performedOn: string | null })[];
  readonly supplement: Readonly<Partial<Record<ListSection, readonly ListRow[]>>>;
}

/** What is the same for all lists of an institution; from the profile and agency.yaml. */
export interface ListConstants {
  readonly dischargeWays: Readonly<Partial<Record<string, string>>>;
  readonly paymentMethod: string;
  readonly unsubmitted: string;
  readonly westernDiagnosis: string;
  readonly principal: { readonly yes: string; readonly no: string };
  readonly procedureTypes: { readonly main: string; readonly other: string };
  readonly department: string;
  readonly person: string;
}

interface Known {
  readonly of: ListCase;
  readonly constants: ListConstants;
  readonly diagnosis: ListCode | null;
  readonly procedure: ListCase['procedures'][number] | null;
}

/** Words of the column `from` of a field table: where a value comes from. Empty text: the books do not know it. */
const FROM: Readonly<Record<string, (known: Known) => string>> = {
  claim: ({ of }) => of.claimNo,
  person: ({ of }) => of.personId,
  'settled-at': ({ of }) => moment(of.settledAt),
  'settled-on': ({ of }) => of.settledAt.slice(0, 10),
  'admitted-at': ({ of }) => moment(of.admittedAt),
  'admitted-on': ({ of }) => of.admittedAt?.slice(0, 10) ?? '',
  'discharged-at': ({ of }) => moment(of.dischargedAt),
  'discharge-way': ({ of, constants }) => constants.dischargeWays[of.dischargeMode ?? ''] ?? '',
  'payment-method': ({ constants }) => constants.paymentMethod,
  unsubmitted: ({ constants }) => constants.unsubmitted,
  'fill-department': ({ constants }) => constants.department,
  'fill-person': ({ constants }) => constants.person,
  'diagnosis-type': ({ constants }) => constants.westernDiagnosis,
  'diagnosis-code': ({ diagnosis }) => diagnosis?.code ?? '',
  'diagnosis-name': ({ diagnosis }) => diagnosis?.name ?? '',
  'principal-flag': ({ diagnosis, constants: { principal } }) =>
    diagnosis?.isPrincipal === true ? principal.yes : principal.no,
  'procedure-type': ({ procedure, constants: { procedureTypes } }) =>
    procedure?.isPrincipal === true ? procedureTypes.main : procedureTypes.other,
  'procedure-code': ({ procedure }) => procedure?.code ?? '',
  'procedure-name': ({ procedure }) => procedure?.name ?? '',
  'performed-at': ({ procedure }) => moment(procedure?.performedOn ?? null),
};

export const FROM_WORDS: ReadonlySet<string> = new Set(Object.keys(FROM));

/**
 * A settlement list (医疗保障基金结算清单) from the books. What the books know stands; what they do not know comes from the hospital's
 * supplement; what neither knows stays absent and is found by {@link listFaults}. Nothing is made up.
 */
export function buildList(
  of: ListCase,
  table: readonly ListField[],
  constants: ListConstants,
): SettlementList {
  const row = (
    section: ListSection,
    known: Pick<Known, 'diagnosis' | 'procedure'>,
    supplement: ListRow | undefined,
  ): ListRow => {
    const fields = table.filter((field) => field.section === section);
    const values = fields.map(({ field, from }) => {
      const value = from === null ? '' : (FROM[from]?.({ of, constants, ...known }) ?? '');
      return [field, value === '' ? (supplement?.[field] ?? '') : value] as const;
    });
    return Object.fromEntries(values.filter(([, value]) => value !== ''));
  };
  const none = { diagnosis: null, procedure: null };
  const supplemented = (section: ListSection) =>
    (of.supplement[section] ?? []).map((each) => row(section, none, each));
  const matching = (section: ListSection, from: string, code: string): ListRow | undefined => {
    const field = table.find((each) => each.section === section && each.from === from)?.field ?? '';
    return of.supplement[section]?.find((each) => each[field] === code);
  };
  return {
    setlinfo: [row('setlinfo', none, of.supplement.setlinfo?.[0])],
    opspdiseinfo: supplemented('opspdiseinfo'),
    diseinfo: of.diagnoses.map((diagnosis) =>
      row(
        'diseinfo',
        { ...none, diagnosis },
        matching('diseinfo', 'diagnosis-code', diagnosis.code),
      ),
    ),
    oprninfo: of.procedures.map((procedure) =>
      row(
        'oprninfo',
        { ...none, procedure },
        matching('oprninfo', 'procedure-code', procedure.code),
      ),
    ),
    icuinfo: supplemented('icuinfo'),
    bldinfo: supplemented('bldinfo'),
  };
}

/** A moment as the interface writes it; empty when the source gives only the day. */
function moment(text: string | null): string {
  return text === null || text.length <= 10 ? '' : text.slice(0, 19).replace('T', ' ');
}
