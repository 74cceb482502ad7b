import type { SettlementUnits } from '../records/settlement-units.js';
import { UnknownPartyError } from './errors.js';
import type { Party } from './statement.js';

/** Everybody who gets a statement: the agency, the lead, each settlement unit, each clinic. */
export function partiesOf({ units, clinics, leadHospital }: SettlementUnits): readonly Party[] {
  return [
    { role: 'agency', code: 'agency', name: '医疗保障经办机构' },
    { role: 'lead', code: 'lead', name: units.get(leadHospital) ?? leadHospital },
    ...[...units].map(([code, name]): Party => ({ role: 'member', code, name })),
    ...[...clinics].map(([code, { name }]): Party => ({ role: 'clinic', code, name })),
  ];
}

/** @throws UnknownPartyError */
export function partyOf(units: SettlementUnits, code: string): Party {
  const found = partiesOf(units).find((party) => party.code === code);
  if (found === undefined) throw new UnknownPartyError(`没有 ${code} 的结算单`);
  return found;
}
