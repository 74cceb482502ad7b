import type { Year } from '../kernel/period.js';
import { SHIPPED_YEAR } from './county/calendar.js';

/** The regions whose texts the demo county can be settled by, each with the first year to show it in. */
export const DEMO_REGIONS = {
  sanya: SHIPPED_YEAR,
  hunan: '2025',
  ganyu: '2025',
  jilin: '2025',
  hainan: '2025',
} as const satisfies Readonly<Record<string, Year>>;

export type DemoRegion = keyof typeof DEMO_REGIONS;

/** The region and the year that the demo county settles. */
export interface DemoSetting {
  readonly region: DemoRegion;
  readonly year: Year;
}

export const SHIPPED_SETTING: DemoSetting = { region: 'sanya', year: DEMO_REGIONS.sanya };

/** The demo as it is shipped: its site is `config/demo` itself, and its whole settlement is known beforehand. */
export function isShipped({ region, year }: DemoSetting): boolean {
  return region === SHIPPED_SETTING.region && year === SHIPPED_SETTING.year;
}

export function isDemoRegion(text: string): text is DemoRegion {
  return Object.hasOwn(DEMO_REGIONS, text);
}

/** Name of the folder below `.heyi` that another setting keeps its data in: `demo-hunan`, `demo-hunan-2026`. */
export function settingName({ region, year }: DemoSetting): string {
  return year === DEMO_REGIONS[region] ? `demo-${region}` : `demo-${region}-${year}`;
}
