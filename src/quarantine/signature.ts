import { SamePersonError, UnsignedDecisionError } from './errors.js';

/** @throws UnsignedDecisionError */
export function requireSigned(by: string, reason: string): void {
  if (by.trim() === '' || reason.trim() === '') {
    throw new UnsignedDecisionError('处理隔离记录须写明经办人和理由');
  }
}

export function isSamePerson(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** @throws SamePersonError; the database refuses it as well */
export function requireAnother(proposedBy: string, by: string): void {
  if (isSamePerson(proposedBy, by)) throw new SamePersonError('提出人与复核人须是两个人');
}
