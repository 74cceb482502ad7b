import type { MergeRule } from '../config/yaml-layers.js';

const SOURCES = ['from', 'constant', 'product'];

/**
 * A field of a mapping that says where its value comes from replaces the field of an earlier layer whole: no format or value table of a
 * column that is no longer read stays behind. One that only gives `values`, `format` and the like completes it.
 */
export const amendField: MergeRule = (path, below, above) => {
  const isField = path.length === 4 && path[0] === 'streams' && path[2] === 'map';
  if (!isField) return undefined;
  if (SOURCES.some((key) => above[key] !== undefined)) return above;
  return typeof below === 'string' ? { from: below, ...above } : undefined;
};
