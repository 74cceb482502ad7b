import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadYaml } from '../config/yaml.loader.js';
import { byText } from '../kernel/order.js';
import { checkedOverlaySchema, checkedRegionSchema } from './checked-schemas.js';
import { type Coverage, coverageSchema } from './coverage-schema.js';
import { UnknownRegionError } from './errors.js';
import type { OverlayRecord } from './policy-schema.js';
import type { RegionChain } from './resolve.js';

/** Files of the folder that are no region. */
const REGISTER = 'coverage';
/** Most regions a scheme may extend in a row: city, province, nation. */
const MAX_CHAIN = 4;

/**
 * A region's file and those it extends.
 *
 * @param folder  `config/policies`
 * @throws UnknownRegionError; ConfigError with file and line
 */
export function loadRegion(folder: string, region: string): RegionChain {
  const own = loadOne(folder, region);
  const parents = [];
  let next = own.extends;
  while (next !== undefined && parents.length < MAX_CHAIN) {
    const parent = loadOne(folder, next);
    parents.push(parent);
    next = parent.extends;
  }
  return [own, ...parents];
}

function loadOne(folder: string, region: string) {
  const path = join(folder, `${region}.yaml`);
  if (!/^[a-z][a-z0-9-]*$/.test(region) || region === REGISTER || !existsSync(path)) {
    const known = regionsIn(folder).join('、');
    throw new UnknownRegionError(`没有地区“${region}”的政策文件；现有：${known}`, { region, path });
  }
  return loadYaml(path, checkedRegionSchema);
}

function regionsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && name !== `${REGISTER}.yaml`)
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort(byText);
}

/** One overlay, checked against the parameters of its region. @throws ConfigError with file and line */
export function loadOverlay(path: string, chain: RegionChain): OverlayRecord {
  return loadYaml(path, checkedOverlaySchema(chain));
}

/** The overlays of a site for a region, in file name order: a later one wins over an earlier one. */
export function loadOverlays(folder: string, chain: RegionChain): readonly OverlayRecord[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort(byText)
    .map((name) => loadOverlay(join(folder, name), chain));
}

export function loadCoverage(folder: string): Coverage {
  return loadYaml(join(folder, `${REGISTER}.yaml`), coverageSchema);
}
