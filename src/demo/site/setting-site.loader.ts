import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoRegion } from '../regions.js';

const DEMO = 'demo';
const REGIONS = 'regions';
const CONSORTIUM = 'consortium.yaml';
/** What a region's demo has of its own, in `config/demo/regions/<region>`. */
const OWN = ['overlays', 'records.yaml'] as const;

/**
 * Makes the site of the demo county in another region: the shipped one, with the region's own overlays and records, and its name in
 * consortium.yaml. Written anew at each start, so that an edit of the shipped files counts.
 */
export function writeSettingSite(configDir: string, site: string, region: DemoRegion): void {
  const shipped = join(configDir, DEMO);
  const own = join(shipped, REGIONS, region);
  rmSync(site, { recursive: true, force: true });
  mkdirSync(site, { recursive: true });
  for (const name of readdirSync(shipped)) {
    if (name !== REGIONS) cpSync(join(shipped, name), join(site, name), { recursive: true });
  }
  const consortium = readFileSync(join(shipped, CONSORTIUM), 'utf8');
  const named = consortium.replace(/^region: \w+/m, `region: ${region}`);
  writeFileSync(join(site, CONSORTIUM), named);
  if (named === consortium) return; // the shipped region in another year
  for (const name of OWN) {
    rmSync(join(site, name), { recursive: true, force: true });
    cpSync(join(own, name), join(site, name), { recursive: true });
  }
}
