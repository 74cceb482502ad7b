import type { SetId } from '../knowledge/knowledge.js';
import type { RegisterName } from './registers.js';

/** Why a rule could not judge; counted by rule and institution, never a silent pass. */
export type NotApplicableReason =
  | 'missing-hour'
  | 'missing-birth-date'
  | 'unknown-sex'
  | 'missing-principal-diagnosis'
  | 'missing-stay-dates'
  | 'missing-lines'
  | 'ratio-unspecified'
  | 'no-grouper'
  | 'not-grouped'
  | 'group-not-reproduced'
  | 'no-group-standard'
  | 'unknown-fee-class'
  | 'charged-in-lumps'
  | 'unmapped-items'
  | 'missing-days-supply'
  | 'missing-orders'
  | 'missing-prescription'
  | 'missing-diagnoses'
  | 'no-tree'
  | 'needs-records'
  | 'family-not-listed'
  | 'disease-not-listed'
  | 'missing-department'
  | 'first-line-not-listed'
  | 'not-in-register'
  | 'missing-doctor'
  | 'missing-trace-code'
  | 'doctor-not-listed'
  | `no-register:${RegisterName}`
  | `no-table:${string}`
  | `no-knowledge:${SetId}`;
