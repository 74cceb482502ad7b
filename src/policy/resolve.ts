import type { IsoDate } from '../kernel/dates.js';
import { byText } from '../kernel/order.js';
import { type DatedValue, valueOn } from './dated.js';
import { type Gap, type Parameter, PolicyAt, type ReadingUsed } from './policy.js';
import type {
  FilingRecord,
  OverlayRecord,
  ParameterRecord,
  RegionRecord,
} from './policy-schema.js';

/** A region's file and those it extends, nearest first. */
export type RegionChain = readonly [RegionRecord, ...RegionRecord[]];

/**
 * A region's parameters on a day: an overlay's value before the region's own, the region's own before the parent's. A parent speaks
 * only from its own effective day; one that supersedes then wins over an earlier value that disagrees.
 */
export function policyAt(
  chain: RegionChain,
  on: IsoDate,
  overlays: readonly OverlayRecord[] = [],
): PolicyAt {
  const parameters = new Map<string, Parameter>();
  const gaps = new Map<string, Gap>();
  for (const id of parameterIds(chain, on)) {
    const found = resolveParameter({ chain, id, on, overlays });
    if ('value' in found) parameters.set(id, found);
    else gaps.set(id, found);
  }
  return new PolicyAt({
    region: chain[0].region,
    on,
    parameters,
    gaps: withScheme({ chain, on, parameters, gaps }),
    filings: new Map(Object.entries(filingsOf(inForce(chain, on)))),
  });
}

/** What a chain asks people to file, a region's own before its parents'. */
export function filingsOf(chain: readonly RegionRecord[]): Readonly<Record<string, FilingRecord>> {
  return Object.assign({}, ...[...chain].reverse().map(({ filings }) => filings)) as Record<
    string,
    FilingRecord
  >;
}

/** The days on which any value of the chain or an overlay changes, so that a reader can cut a period into eras. */
export function changeDates(
  chain: RegionChain,
  overlays: readonly OverlayRecord[],
): readonly IsoDate[] {
  const dates = new Set<IsoDate>();
  for (const region of chain) {
    dates.add(region.effective.from);
    for (const { values } of Object.values(region.parameters)) addDates(dates, values);
  }
  for (const { set } of overlays)
    for (const { values } of Object.values(set)) addDates(dates, values);
  return [...dates].sort(byText);
}

function addDates(
  dates: Set<IsoDate>,
  values: Readonly<Record<IsoDate, unknown>> | undefined,
): void {
  for (const date of Object.keys(values ?? {})) dates.add(date);
}

function parameterIds(chain: RegionChain, on: IsoDate): readonly string[] {
  const ids = inForce(chain, on).flatMap(({ parameters }) => Object.keys(parameters));
  return [...new Set(ids)].sort(byText);
}

/** The region itself, and each parent that has come into force. */
function inForce(chain: RegionChain, on: IsoDate): readonly RegionRecord[] {
  return chain.filter((region, index) => index === 0 || region.effective.from <= on);
}

interface Question {
  readonly chain: RegionChain;
  readonly id: string;
  readonly on: IsoDate;
  readonly overlays: readonly OverlayRecord[];
}

function resolveParameter(question: Question): Parameter | Gap {
  const { chain, id, on } = question;
  const records = inForce(chain, on).flatMap((region) => {
    const record = region.parameters[id];
    return record === undefined ? [] : [{ region, record }];
  });
  const nearest = records[0];
  if (nearest === undefined) throw new RangeError(`no record of ${id}`);
  const overlaid = fromOverlays(question, nearest.record);
  if (overlaid !== null) return overlaid;
  const stated = records
    .map(({ region, record }) => ({ region, parameter: fromRecord(id, record, on) }))
    .filter(
      (each): each is { region: RegionRecord; parameter: Parameter } => each.parameter !== null,
    );
  const own = stated[0];
  if (own === undefined) return gapOf(id, nearest.record, on);
  const superseding = stated.find(
    ({ region, parameter }) =>
      region.supersedes !== undefined &&
      parameter.from > own.parameter.from &&
      disagrees(parameter, own.parameter),
  );
  return (superseding ?? own).parameter;
}

/** What a later rule states otherwise. Saying the same is no disagreement, and a reading is not a statement. */
function disagrees(later: Parameter, earlier: Parameter): boolean {
  return later.reading === null && JSON.stringify(later.value) !== JSON.stringify(earlier.value);
}

function fromRecord(id: string, record: ParameterRecord, on: IsoDate): Parameter | null {
  const { reading, values } = record;
  if (values !== undefined) return parameterOf(id, record, valueOn(values, on));
  if (reading === undefined) return null;
  return fromReading({ id, record, on, key: reading.default });
}

interface ReadingQuestion {
  readonly id: string;
  readonly record: ParameterRecord;
  readonly on: IsoDate;
  readonly key: string;
}

function fromReading({ id, record, on, key }: ReadingQuestion): Parameter | null {
  const choice = record.reading?.choices[key];
  if (record.reading === undefined || choice === undefined) return null;
  const dated = choice.values === undefined ? { from: '', value: key } : valueOn(choice.values, on);
  return parameterOf(id, record, dated, { key, label: choice.label, why: record.reading.why });
}

function parameterOf(
  id: string,
  record: ParameterRecord,
  ...[dated, reading]: [DatedValue | null, ReadingUsed?]
): Parameter | null {
  if (dated === null) return null;
  const { label, unit, by, clause, rows } = record;
  const origin = { reading: reading ?? null, overlay: null, sample: false };
  return { id, label, unit, by: by ?? null, clause, rows, ...dated, ...origin };
}

/** The last overlay that speaks of the parameter on that day wins. */
function fromOverlays({ id, on, overlays }: Question, record: ParameterRecord): Parameter | null {
  for (const overlay of overlays.toReversed()) {
    const entry = overlay.set[id];
    if (entry === undefined) continue;
    const { clause, reading, values } = entry;
    const found =
      reading === undefined
        ? parameterOf(id, record, valueOn(values ?? {}, on))
        : fromReading({ id, record, on, key: reading });
    if (found !== null)
      return { ...found, clause, overlay: overlay.overlay, sample: overlay.sample === 'true' };
  }
  return null;
}

function gapOf(id: string, record: ParameterRecord, on: IsoDate): Gap {
  const { label, clause, rows, unspecified } = record;
  return { id, label, clause, rows, reason: unspecified ?? `${on} 尚无生效的值` };
}

interface Found {
  readonly chain: RegionChain;
  readonly on: IsoDate;
  readonly parameters: Map<string, Parameter>;
  readonly gaps: Map<string, Gap>;
}

/**
 * A scheme before its first day, or after its trial without a cited continuation, is open as a whole: the gap stands in every
 * list, whatever parameter was asked for.
 */
function withScheme({ chain, on, parameters, gaps }: Found): Map<string, Gap> {
  const { effective } = chain[0];
  const without = new Map(gaps);
  without.delete(CONTINUATION);
  const trialEnd = endOf(parameters.get('scheme.trial'));
  const continued = endOf(parameters.get(CONTINUATION));
  const scheme = { id: SCHEME, label: '方案有效期', clause: effective.clause, rows: [] };
  if (on < effective.from)
    return without.set(SCHEME, { ...scheme, reason: `方案自 ${effective.from} 起施行` });
  if (trialEnd === null || on <= trialEnd || (continued !== null && on <= continued))
    return without;
  const record = gaps.get(CONTINUATION);
  return without.set(CONTINUATION, {
    ...(record ?? { ...scheme, id: CONTINUATION }),
    reason: `试行期至 ${trialEnd}，${on} 须引用延续文件（参数 ${CONTINUATION}）`,
  });
}

/** Ids of the gaps that concern the scheme as a whole. */
export const SCHEME = 'scheme.effective';
export const CONTINUATION = 'scheme.continuation';

/** The last day a scheme parameter gives; null when it has none or runs on. */
function endOf(parameter: Parameter | undefined): IsoDate | null {
  const value = parameter?.value;
  return typeof value === 'string' && value !== 'none' ? value : null;
}
