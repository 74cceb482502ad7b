import { z } from 'zod';
import { POOLS, type Pool } from '../claims/claim.js';
import { type Fen, negate, subtract, sum, toYuan } from '../kernel/money.js';
import { byText } from '../kernel/order.js';
import { parametersOf } from '../policy/checked-schemas.js';
import { overlayFaults } from '../policy/checks.js';
import type { PolicyAt } from '../policy/policy.js';
import { type OverlayRecord, type ParameterValue, valueSchema } from '../policy/policy-schema.js';
import type { RegionChain } from '../policy/resolve.js';
import { SettlementInputError } from './errors.js';
import { postingsOf } from './postings.js';
import type { FigureReport } from './result.js';

/** What one party gets (or, the agency, pays) as it was settled and as it would be. Yuan text. */
export interface PartyDifference {
  readonly pool: Pool;
  /** `agency`, `member:<institution>`, `reserve:<name>`, `receivable`. */
  readonly account: string;
  readonly settled: string;
  readonly wouldBe: string;
  readonly difference: string;
}

/** One parameter set on the command line: a value, or a reading by its name. */
export interface Setting {
  readonly parameter: string;
  readonly value: ParameterValue;
}

/** What stands behind the `=` of a setting, read as YAML. */
export const settingSchema = z.strictObject({ value: valueSchema });

/**
 * Compares two results party by party: what the agency pays, what each member gets, what is kept apart or owed. Equal ones stay in the
 * list, so that nobody is missed.
 */
export function differencesByParty(
  settled: readonly FigureReport[],
  wouldBe: readonly FigureReport[],
): readonly PartyDifference[] {
  const [before, after] = [balances(settled), balances(wouldBe)];
  return POOLS.flatMap((pool) => {
    const accounts = [...new Set([...before.keys(), ...after.keys()])]
      .filter((key) => key.startsWith(`${pool} `))
      .map((key) => key.slice(pool.length + 1))
      .filter((account) => account !== 'lead')
      .sort(byText);
    return accounts.map((account) => {
      const [was, is] = [before, after].map((each) =>
        shown(account, each.get(`${pool} ${account}`)),
      );
      return {
        ...{ pool, account, settled: toYuan(was ?? ZERO), wouldBe: toYuan(is ?? ZERO) },
        difference: toYuan(subtract(is ?? ZERO, was ?? ZERO)),
      };
    });
  });
}

const ZERO = 0n as Fen;

/** What leaves the agency is shown as what it pays. */
function shown(account: string, amount: Fen = ZERO): Fen {
  return account === 'agency' ? negate(amount) : amount;
}

function balances(figures: readonly FigureReport[]): ReadonlyMap<string, Fen> {
  const postings = postingsOf(figures);
  const keys = new Set(postings.map(({ pool, account }) => `${pool} ${account}`));
  return new Map(
    [...keys].map((key) => [
      key,
      sum(
        postings
          .filter(({ pool, account }) => `${pool} ${account}` === key)
          .map(({ amount }) => amount),
      ),
    ]),
  );
}

/**
 * An overlay of settings for a policy: a reading where the parameter has one of that name, else a value. A record of some grades or
 * pools is laid over the value that stands.
 *
 * @throws SettlementInputError for a parameter or value that the region does not know
 */
export function settingsOverlay(
  chain: RegionChain,
  policy: PolicyAt,
  settings: readonly Setting[],
): OverlayRecord {
  const [{ region }] = chain;
  const parameters = parametersOf(chain);
  const clause = `${DOCUMENT} §假设`;
  const set = settings.map(({ parameter, value }) => {
    const choices = parameters[parameter]?.reading?.choices ?? {};
    return typeof value === 'string' && Object.hasOwn(choices, value)
      ? ([parameter, { reading: value, clause }] as const)
      : ([
          parameter,
          { values: { [FIRST_DAY]: laidOver(policy, parameter, value) }, clause },
        ] as const);
  });
  const overlay: OverlayRecord = {
    ...{ overlay: 'what-if', region, sample: 'true' },
    documents: { [DOCUMENT]: { number: '假设', title: '试算的假设', issued: FIRST_DAY } },
    set: Object.fromEntries(set),
  };
  const [fault] = overlayFaults(overlay, parameters);
  if (fault === undefined) return overlay;
  throw new SettlementInputError(`--set ${fault.path[1] ?? ''}：${fault.message}`);
}

const DOCUMENT = 'what-if';
const FIRST_DAY = '1949-10-01';

function laidOver(policy: PolicyAt, parameter: string, value: ParameterValue): ParameterValue {
  const standing = policy.parameters.get(parameter)?.value;
  if (!isRecord(value) || standing === undefined || !isRecord(standing)) return value;
  return { ...standing, ...value };
}

function isRecord(value: ParameterValue): value is Record<string, string> {
  return typeof value === 'object' && !Array.isArray(value);
}
