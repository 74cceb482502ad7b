import { z } from 'zod';
import {
  NO_REGISTERS,
  NOTHING_REGISTERED,
  type PersonRegister,
  REGISTERS,
  type SiteRegisters,
  type Span,
} from './registers.js';
import { parseScaled } from './scaled.js';

const caseSpan = { from: z.string(), until: z.string().optional() };

/** What the registers say; a register that is not named is not kept. */
export const caseRegisters = z.strictObject({
  coverage: z.array(z.strictObject(caseSpan)).optional(),
  deaths: z.string().optional(),
  'doctor-rights': z.array(z.strictObject({ doctor: z.string(), ...caseSpan })).optional(),
  'chronic-approvals': z.array(z.strictObject({ disease: z.string(), ...caseSpan })).optional(),
  orders: z
    .array(
      z.strictObject({
        at: z.string().default('H1'),
        no: z.string().default('1'),
        item: z.string(),
        on: z.string(),
        quantity: z.string(),
      }),
    )
    .optional(),
});

type CaseRegisters = z.infer<typeof caseRegisters>;

/** The registers of a case: of the site, and of its one person. */
export function registersOfCase(registers: CaseRegisters = {}): {
  readonly site: SiteRegisters;
  readonly person: PersonRegister;
} {
  const suspended = (registers['doctor-rights'] ?? []).map((right) => ({
    ...{ ...spanOf(right), doctor: right.doctor, document: '测试文件' },
  }));
  return {
    site: {
      ...NO_REGISTERS,
      held: new Set(REGISTERS.filter((name) => registers[name] !== undefined)),
      suspendedRights: new Map(
        suspended.map(({ doctor }) => [doctor, suspended.filter((each) => each.doctor === doctor)]),
      ),
    },
    person: {
      ...NOTHING_REGISTERED,
      coverage: (registers.coverage ?? []).map(spanOf),
      diedAt: registers.deaths ?? null,
      chronicApprovals: (registers['chronic-approvals'] ?? []).map(({ disease, ...span }) => ({
        ...{ ...spanOf(span), disease },
      })),
      orders: (registers.orders ?? []).map(({ at, no, item, on, quantity }) => ({
        ...{ institution: at, claimNo: no, itemCode: item, on, quantity: parseScaled(quantity, 4) },
      })),
    },
  };
}

function spanOf({ from, until }: { from: string; until?: string | undefined }): Span {
  return { from, until: until ?? null };
}
