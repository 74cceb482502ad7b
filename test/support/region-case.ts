import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml } from '../../src/config/yaml-text.js';
import { PolicyGapError } from '../../src/policy/errors.js';
import type { Gap } from '../../src/policy/policy.js';
import { loadOverlay, loadRegion } from '../../src/policy/policy.loader.js';
import { checkedFactsSchema } from '../../src/settlement/checked-facts.js';
import { computeFile } from '../../src/settlement/compute.js';
import type { FigureReport } from '../../src/settlement/result.js';

const root = join(import.meta.dirname, '../..');

/** A shipped region with its sample overlay, settled from facts files. */
export function regionCase(region: string) {
  const chain = loadRegion(join(root, 'config/policies'), region);
  const demo = join(root, 'config/demo/regions', region);
  const sample = loadOverlay(join(demo, `overlays/${region}-sample.yaml`), chain);

  const compute = (text: string, overlays = [sample]): readonly FigureReport[] => {
    const facts = parseYaml({ text, path: 'facts.yaml', schema: checkedFactsSchema(chain) });
    return computeFile(chain, facts, overlays).figures;
  };
  const figureOf = (text: string, key: string, pool = 'resident'): FigureReport => {
    const found = compute(text).find(({ id }) => id.endsWith(`.${pool}.${key}`));
    if (found === undefined) throw new Error(`no figure ${key}`);
    return found;
  };
  const gapsOf = (text: string, overlays = [sample]): readonly Gap[] => {
    try {
      compute(text, overlays);
      return [];
    } catch (error) {
      if (error instanceof PolicyGapError) return error.gaps;
      throw error;
    }
  };
  return {
    chain,
    sample,
    compute,
    figureOf,
    gapsOf,
    amountOf: (text: string, key: string, pool = 'resident') => figureOf(text, key, pool).amount,
    /** Ids of all gaps, with the sample overlay. */
    idsOf: (text: string) => gapsOf(text).map(({ id }) => id),
    /** Ids of all gaps of the text alone, sorted. */
    openOf: (text: string) =>
      gapsOf(text, [])
        .map(({ id }) => id)
        .sort(),
    /** A facts file below `facts/`. */
    facts: (name: string) => readFileSync(join(demo, 'facts', name), 'utf8'),
  };
}

/** The text with other words in it, each of which must stand there. */
export function changed(text: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`nothing to change: ${from}`);
    return result.replace(from, to);
  }, text);
}

/** The text without the first match, which must stand there. */
export function without(text: string, line: RegExp): string {
  if (!line.test(text)) throw new Error(`nothing to leave out: ${line}`);
  return text.replace(line, '');
}

/** Parameters set in the facts file itself, so that they win over the sample overlay. */
export function setting(text: string, ...set: readonly string[]): string {
  const document = '{ number: 样例, title: 样例, issued: 2025-09-01 }';
  return `${text}\ndocuments: { sample-2025-9: ${document} }\nset:\n  ${set.join('\n  ')}\n`;
}
