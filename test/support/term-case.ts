import { join } from 'node:path';
import { loadWorkingDays } from '../../src/calendar/calendar.loader.js';
import { type Deadline, deadlinesOf } from '../../src/calendar/deadlines.js';
import type { EventSources } from '../../src/calendar/events.js';
import { parseYaml } from '../../src/config/yaml-text.js';
import { checkedRegionSchema } from '../../src/policy/checked-schemas.js';
import { loadRegion } from '../../src/policy/policy.loader.js';
import type { OverlayRecord } from '../../src/policy/policy-schema.js';
import { policyAt, type RegionChain } from '../../src/policy/resolve.js';
import { policyDay } from '../../src/settlement/compute.js';

const root = join(import.meta.dirname, '../..');
const calendar = loadWorkingDays({
  homeDir: root,
  configDir: join(root, 'config'),
  siteDir: join(root, 'config/demo'),
  dataDir: root,
});
const members = new Map([
  ['A', '县人民医院'],
  ['B', '乡镇卫生院'],
]);

interface Given {
  readonly chain: RegionChain;
  readonly period: string;
  readonly on: string;
  readonly filings?: readonly (readonly [
    filing: string,
    period: string,
    on: string,
    institution?: string,
  ])[];
  readonly declared?: Readonly<Record<string, string>>;
  readonly cleared?: string;
  readonly overlays?: readonly OverlayRecord[];
}

/** The terms of a period by duty. */
export function terms({
  chain,
  period,
  on,
  filings = [],
  declared = {},
  cleared,
  overlays = [],
}: Given) {
  const sources: EventSources = {
    members,
    filings: filings.map(([filing, of, value, institution]) => ({
      ...{ filing, value, period: of, clause: 'sample-2025-1 §1' },
      ...(institution === undefined ? {} : { institution }),
    })),
    books: {
      declared: new Map([[period, new Map(Object.entries(declared))]]),
      cleared: new Map(cleared === undefined ? [] : [[period, cleared]]),
    },
  };
  const policy = policyAt(chain, policyDay(period), overlays);
  const found = deadlinesOf({ policy, period, on, calendar, sources });
  return Object.fromEntries(found.map((each) => [each.duty, each])) as Partial<
    Record<string, Deadline>
  >;
}

export const region = (name: string): RegionChain =>
  loadRegion(join(root, 'config/policies'), name);

/** A region with nothing but the terms given. */
export function regionOf(parameters: string): RegionChain {
  const text = `
region: sample
name: 样例地区
effective: { from: 2025-01-01, clause: sample-2025-1 §1 }
documents: { sample-2025-1: { number: 样例〔2025〕1号, title: 演示用（非真实政策）, issued: 2025-01-01 } }
parameters:
${parameters}`;
  return [parseYaml({ text, path: 'sample.yaml', schema: checkedRegionSchema })];
}

export const term = (id: string, unit: string, value: string) =>
  `  ${id}: { label: 期限, unit: ${unit}, clause: sample-2025-1 §2, values: { 2025-01-01: ${value} } }\n`;
