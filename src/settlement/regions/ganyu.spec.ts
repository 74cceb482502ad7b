import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseYaml } from '../../config/yaml-text.js';
import { PolicyGapError } from '../../policy/errors.js';
import { loadOverlay, loadRegion } from '../../policy/policy.loader.js';
import { checkedFactsSchema } from '../checked-facts.js';
import { computeFile } from '../compute.js';
import type { FigureReport } from '../result.js';

/** Ganyu's scheme, each case through a facts file and the sample overlay. */

const root = join(import.meta.dirname, '../../..');
const chain = loadRegion(join(root, 'config/policies'), 'ganyu');
const demo = join(root, 'config/demo/regions/ganyu');
const sample = loadOverlay(join(demo, 'overlays/ganyu-sample.yaml'), chain);
const file = (name: string): string => readFileSync(join(demo, 'facts', name), 'utf8');
const year = file('year-2025.yaml');

function compute(text: string, overlays = [sample]): readonly FigureReport[] {
  const facts = parseYaml({ text, path: 'facts.yaml', schema: checkedFactsSchema(chain) });
  return computeFile(chain, facts, overlays).figures;
}

function amounts(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    compute(text).map(({ id, amount }) => [id.split('.').slice(3).join('.'), amount]),
  );
}

function gapsOf(text: string, overlays = [sample]): readonly string[] {
  try {
    compute(text, overlays);
    return [];
  } catch (error) {
    if (error instanceof PolicyGapError) return error.gaps.map(({ id }) => id);
    throw error;
  }
}

describe('probe', () => {
  it('year', () => {
    expect(amounts(year).final).toBe("1800000.00");
    expect(gapsOf(year, []));
  });
});
