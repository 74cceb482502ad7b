import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './errors.js';
import { issueText } from './issue-text.js';
import { type Path, problemsOf, type YamlContent } from './yaml-text.js';

/**
 * Several files read as one, the later over the earlier. Maps are merged key by key; a text or a list replaces what was there; `~` takes
 * away what an earlier layer gave. What a schema then finds wrong is reported in the file and line that caused it.
 */

export type Tree = Readonly<Record<string, unknown>>;

/** What a later layer's map makes of what stood in its place; undefined: the usual rules. */
export type MergeRule = (path: Path, below: unknown, above: Tree) => unknown;

/** Takes away what an earlier layer gave. */
const NOTHING = '~';
const NO_RULE: MergeRule = () => undefined;

export class YamlLayers {
  readonly value: unknown;

  /** @param layers  the most general first */
  constructor(
    private readonly layers: readonly YamlContent[],
    rule: MergeRule = NO_RULE,
  ) {
    this.value = layers.reduce<unknown>(
      (below, { value }) => merged([], below, { value, rule }),
      {},
    );
  }

  /** @throws ConfigError, each problem in the layer that it stands in */
  parse<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
    const parsed = schema.safeParse(this.value, { error: issueText });
    if (parsed.success) return parsed.data;
    throw new ConfigError(problemsOf(parsed.error, (path) => this.placeOf(path)));
  }

  /** Where a node comes from: the layer that knows most of its path, of several the last. */
  placeOf(path: Path): Omit<ConfigProblem, 'message'> {
    let best = { place: { path: '', line: 0, column: 0 }, depth: -1 };
    for (const layer of this.layers) {
      const found = layer.locate(path);
      if (found.depth >= best.depth) best = found;
    }
    return best.place;
  }

  /** Every text of the merged content with its place, in order. */
  leaves(): readonly { readonly path: Path; readonly text: string }[] {
    return leavesOf([], this.value);
  }
}

interface Above {
  readonly value: unknown;
  readonly rule: MergeRule;
}

function merged(path: Path, below: unknown, { value, rule }: Above): unknown {
  if (!isTree(value)) return value;
  const special = rule(path, below, value);
  if (special !== undefined) return special;
  const base = isTree(below) ? below : {};
  const result: Record<string, unknown> = { ...base };
  for (const [key, each] of Object.entries(value)) {
    if (each === NOTHING) delete result[key];
    else result[key] = merged([...path, key], base[key], { value: each, rule });
  }
  return result;
}

function isTree(value: unknown): value is Tree {
  return value instanceof Object && !Array.isArray(value);
}

function leavesOf(path: Path, value: unknown): { path: Path; text: string }[] {
  if (!isTree(value)) {
    return [{ path, text: Array.isArray(value) ? `[${value.join(', ')}]` : String(value) }];
  }
  return Object.entries(value).flatMap(([key, each]) => leavesOf([...path, key], each));
}
