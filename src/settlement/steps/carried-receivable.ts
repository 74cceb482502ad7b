import { add, type Fen, negate, subtract, sum, ZERO_FEN } from '../../kernel/money.js';
import type { Account, Figure } from '../figure.js';
import { defineStep, given, type StepRun } from '../step.js';

const NEGATIVE = 'final.negative';

/**
 * Negative amounts as receivables (应收，结转下次结算). What the run pays the lead, less what is still owed from earlier settlements, is
 * what is to be paid now; where that is below zero, it is owed and carried on. The same for each member against the lead. Nothing is
 * cut off at zero, and the amounts settled stay as they are. Writes only what there is to say.
 *
 * @source sanya-2024-6 §三(三)6   the text does not say what follows where the payable amount is too small (reading)
 */
export const carriedReceivable = defineStep({
  name: 'carried-receivable',
  rows: ['SY-14'],
  reads: [],
  needs: () => [NEGATIVE],
  compute: (run) => [
    ...carry(run, {
      prefix: '',
      who: '',
      payer: 'agency',
      payee: 'lead',
      owed: 'receivable',
      carried: run.own.carried ?? ZERO_FEN,
      due: paid(run),
      parts: betweenAgencyAndLead(run),
      always: false,
    }),
    ...run.own.members.flatMap(({ institution, carried = ZERO_FEN }) => {
      const account: Account = `member:${institution}`;
      return carry(run, {
        prefix: `member.${institution}.`,
        who: `成员单位 ${institution} `,
        payer: 'lead',
        payee: account,
        owed: `receivable:${institution}`,
        carried,
        due: dueTo(run, account),
        parts: run.written.filter(({ booking }) => touches(booking, account)),
        always: run.find(`member.${institution}.procurement`) !== null,
      });
    }),
  ],
});

interface Carry {
  readonly prefix: string;
  readonly who: string;
  readonly payer: 'agency' | 'lead';
  readonly payee: Account;
  readonly owed: Account;
  readonly carried: Fen;
  readonly due: Fen;
  readonly parts: readonly Figure[];
  /** Whether the net amount is worth a line although nothing is owed. */
  readonly always: boolean;
}

function carry(run: StepRun, { carried, due, always, ...rest }: Carry): readonly Figure[] {
  const net = subtract(due, carried);
  const { prefix, who, payer, payee, owed, parts } = rest;
  if (carried === 0n && net >= 0n && !always) return [];
  const clause = run.policy.parameter(NEGATIVE).clause;
  const figure = (key: string, label: string, value: Fen) => ({
    ...{ key: `${prefix}${key}`, label: `${who}${label}`, value, clause },
    unit: 'yuan' as const,
  });
  const netFigure: Figure = {
    ...figure('net-payment', net < 0n ? '本次结算净额（为负，不付）' : '本次结算净额（实付）', net),
    formula: '本次应付合计 − 以前结算结转的应收',
    inputs: [
      ...parts.map(({ key, label, value, booking }) => ({
        ...given(label, signed(value, booking?.to === payee)),
        figure: key,
      })),
      given('以前结算结转的应收', carried),
    ],
  };
  return [
    ...(carried === 0n
      ? []
      : [
          {
            ...figure('carried-receivable', '以前结算结转的应收（本次抵扣）', carried),
            formula: '账上尚未抵扣的应收余额',
            inputs: [given('应收余额', carried), run.by(NEGATIVE)],
            booking: { from: owed, to: payer },
          },
        ]),
    netFigure,
    ...(net >= 0n
      ? []
      : [
          {
            ...figure('receivable', '应收，结转下次结算', negate(net)),
            formula: '本次结算净额为负的部分',
            inputs: [{ ...given('本次结算净额', net), figure: `${prefix}net-payment` }],
            booking: { from: payer, to: owed },
          },
        ]),
  ];
}

/** What the agency pays the lead by this run. What it sets aside elsewhere is not for the lead. */
function paid(run: StepRun): Fen {
  return sum(
    betweenAgencyAndLead(run).map(({ value, booking }) => signed(value, booking?.to === 'lead')),
  );
}

function betweenAgencyAndLead(run: StepRun): readonly Figure[] {
  return run.written.filter(
    ({ booking }) => touches(booking, 'agency') && touches(booking, 'lead'),
  );
}

/** What the run brings to an account, from wherever. */
function dueTo(run: StepRun, account: Account): Fen {
  return run.written.reduce<Fen>((total, { value, booking }) => {
    if (!touches(booking, account)) return total;
    return add(total, signed(value, booking?.to === account));
  }, ZERO_FEN);
}

function touches(booking: Figure['booking'], account: Account): boolean {
  return booking?.from === account || booking?.to === account;
}

function signed(value: Figure['value'], positive: boolean): Fen {
  if (typeof value !== 'bigint') return ZERO_FEN;
  return positive ? value : negate(value);
}
