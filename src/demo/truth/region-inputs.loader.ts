import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { demoYear } from '../county/calendar.js';
import type { DemoRegion } from '../regions.js';
import type { RegionInputs } from './region-truth.js';
import { YamlFile } from './yaml-file.loader.js';

/** Reads what the truth needs of a region straight from its file and the site's overlays, without the gateway's own reader. */
export function loadRegionInputs(
  region: DemoRegion,
  { policyFile, siteDir }: { readonly policyFile: string; readonly siteDir: string },
): RegionInputs {
  const text = YamlFile.read(policyFile);
  const folder = join(siteDir, 'overlays');
  const overlays = readdirSync(folder)
    .sort()
    .reverse()
    .map((name) => YamlFile.read(join(folder, name)));
  const timing = valueIn(text, overlays, 'audit.timing').text;
  return {
    region,
    from: text.at('effective', 'from').text,
    funds: valueIn(text, overlays, 'scope.funds').list.map((fund) => fund.text),
    deductions: timing === 'monthly' ? 'monthly' : 'annual',
  };
}

/** The last overlay's value, else the region's own, else what its default reading says; a reading without values is its own value. */
function valueIn(text: YamlFile, overlays: readonly YamlFile[], id: string): YamlFile {
  const own = text.at('parameters', id);
  const chosen = own.at('reading', 'default');
  const reading = own.at('reading', 'choices', chosen.text);
  const found = [...overlays.map((overlay) => overlay.at('set', id)), own, reading].flatMap(
    (holder) => latest(holder.at('values')),
  );
  return found[0] ?? chosen;
}

/** The value that holds at the end of the year. */
function latest(values: YamlFile): YamlFile[] {
  const known = values.entries.filter(([from]) => from <= `${demoYear()}-12-31`);
  return known.slice(-1).map(([, value]) => value);
}
