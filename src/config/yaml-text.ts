import { isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './errors.js';
import { issueText } from './issue-text.js';

/**
 * YAML of the configuration folders. The failsafe schema makes every scalar text, so that `0.10`, `2024-01-01` and a code such as
 * `007` reach the zod schema as written. A key may stand once, and nothing is said by reference: an alias could blow a small file up
 * without end. Problems name file, line and column, in Chinese.
 */

export interface YamlSource<Schema extends z.ZodType> {
  readonly text: string;
  /** Name of the file as problems show it. */
  readonly path: string;
  readonly schema: Schema;
  /** Top-level keys below which `${NAME}` is read from the environment; anywhere else it is a problem. */
  readonly secretsUnder?: readonly string[];
  /** Null: leave `${NAME}` as it stands (checking a file on a machine that has no secrets). */
  readonly environment?: Readonly<Record<string, string | undefined>> | null;
}

export type Path = readonly PropertyKey[];

const SECRET = /\$\{([A-Z][A-Z0-9_]*)\}/g;
/** Stays as it stands: the value is read from its envelope when a connection opens. */
const ENVELOPE = /\$\{secret:[^}]*\}?/;
const WHOLE_ENVELOPE = /^\$\{secret:[a-z0-9][a-z0-9-]{0,62}\}$/;

/** A file read, and not yet judged: its content as text, maps and lists, and where each piece stands. */
export interface YamlContent {
  readonly value: unknown;
  /** Where the deepest existing node of a path stands, and how many of its steps exist. */
  locate(path: Path): { readonly place: Omit<ConfigProblem, 'message'>; readonly depth: number };
}

/** @throws ConfigError with every problem found */
export function parseYaml<Schema extends z.ZodType>(source: YamlSource<Schema>): z.output<Schema> {
  const content = readYaml(source);
  const parsed = source.schema.safeParse(content.value, { error: issueText });
  if (parsed.success) return parsed.data;
  throw new ConfigError(problemsOf(parsed.error, (path) => content.locate(path).place));
}

/** A schema's issues where they stand. */
export function problemsOf(
  error: z.ZodError,
  placeOf: (path: Path) => Omit<ConfigProblem, 'message'>,
): readonly ConfigProblem[] {
  return error.issues.flatMap((issue) =>
    places(issue).map((path) => ({ ...placeOf(path), message: placedText(issue, path) })),
  );
}

/** @throws ConfigError for what is no YAML of ours, and for `${NAME}` out of place or not set */
export function readYaml(source: Omit<YamlSource<z.ZodType>, 'schema'>): YamlContent {
  const lines = new LineCounter();
  const document = parseDocument(source.text, { schema: 'failsafe', lineCounter: lines });
  const at = (offset: number, message: string): ConfigProblem => {
    const { line, col } = lines.linePos(offset);
    return { path: source.path, line, column: col, message };
  };
  refuse(document.errors.map(({ pos, message }) => at(pos[0], yamlMessage(message))));

  const found: ConfigProblem[] = [];
  visit(document, {
    Alias(_, node) {
      found.push(at(node.range?.[0] ?? 0, `不支持引用 *${node.source}，请把内容写出来`));
    },
    Scalar(key, node, ancestors) {
      if (key === 'key' && node.value === '__proto__')
        found.push(at(node.range?.[0] ?? 0, '__proto__：不认识的键'));
      if (key === 'key' || typeof node.value !== 'string') return;
      const top = ancestors.length > 2 ? topKey(ancestors) : '';
      const fault = substitute(node as { value: string }, source, top);
      if (fault !== null) found.push(at(node.range?.[0] ?? 0, fault));
    },
  });
  refuse(found);

  const root = document.contents as Node | null;
  return {
    value: document.toJS() ?? {},
    locate(path) {
      const { offset, depth } = offsetOf(root, path);
      const { message: _, ...place } = at(offset, '');
      return { place, depth };
    },
  };
}

function refuse(problems: readonly ConfigProblem[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}

/** The key of the outermost map that leads to a node. */
function topKey(ancestors: readonly unknown[]): string {
  const pair = ancestors[2] as { key?: { value?: unknown } };
  return String(pair.key?.value ?? '');
}

/** Replaces `${NAME}` in place; returns what is wrong with it, or null. */
function substitute(
  node: { value: string },
  { secretsUnder = [], environment = null }: Omit<YamlSource<z.ZodType>, 'schema'>,
  top: string,
): string | null {
  if (ENVELOPE.test(node.value)) return envelopeFault(node.value, secretsUnder, top);
  const names = [...node.value.matchAll(SECRET)].map((match) => match[1] ?? '');
  if (names.length === 0) return null;
  if (!secretsUnder.includes(top)) {
    const allowed = secretsUnder.length === 0 ? '本文件不支持' : `只能写在 ${secretsUnder} 之下`;
    return `环境变量引用 \${${names[0]}} ${allowed}`;
  }
  if (environment === null) return null;
  const missing = names.filter((name) => environment[name] === undefined);
  if (missing.length > 0) return `环境变量 ${missing.join('、')} 未设置`;
  node.value = node.value.replace(SECRET, (_, name: string) => environment[name] ?? '');
  return null;
}

/** What is wrong with a value that refers to a stored secret, or null. */
function envelopeFault(value: string, secretsUnder: readonly string[], top: string): string | null {
  if (!WHOLE_ENVELOPE.test(value))
    return '机密引用须是整个值，写作 ${secret:名称}（小写字母、数字、短横）';
  if (ENVELOPES_UNDER.includes(top) && secretsUnder.includes(top)) return null;
  return `机密引用 ${value} 只能写在 ${ENVELOPES_UNDER.join('、')} 之下`;
}

/** What describes a connection: read again each time one opens. */
const ENVELOPES_UNDER: readonly string[] = ['options', 'connection'];

/** Unknown keys are reported where they stand, one by one; anything else at the issue's own path. */
function places(issue: z.core.$ZodIssue): readonly Path[] {
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => [...issue.path, key])
    : [issue.path];
}

function placedText(issue: z.core.$ZodIssue, path: Path): string {
  const where = path.map(String).join('.');
  return issue.code === 'unrecognized_keys'
    ? `${where}：不认识的键`
    : `${where === '' ? '文件' : where}：${issue.message}`;
}

/** Where the deepest existing node of a path stands; a key's own place when the value is a map's. */
function offsetOf(root: Node | null, path: Path): { offset: number; depth: number } {
  let node: Node | null = root;
  let offset = root?.range?.[0] ?? 0;
  let depth = 0;
  for (const step of path) {
    const next = stepInto(node, step);
    if (next === null) break;
    offset = next.offset;
    node = next.node;
    depth += 1;
  }
  return { offset, depth };
}

function stepInto(
  node: Node | null,
  step: PropertyKey,
): { node: Node | null; offset: number } | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    const key = pair?.key as Node | undefined;
    return key === undefined
      ? null
      : { node: (pair?.value ?? null) as Node | null, offset: key.range?.[0] ?? 0 };
  }
  const items = (node as { items?: readonly Node[] } | null)?.items;
  const item = typeof step === 'number' ? items?.[step] : undefined;
  return item === undefined ? null : { node: item, offset: item.range?.[0] ?? 0 };
}

function yamlMessage(message: string): string {
  const first = message.split('\n')[0] ?? '';
  if (first.includes('Map keys must be unique')) return '同一个键写了两次';
  if (first.includes('multiple documents')) return '一个文件只能有一份内容，请去掉多余的 --- 行';
  if (first.includes('call stack')) return '嵌套过深';
  return `YAML 语法错误：${first.replace(/ at line \d+, column \d+:?$/, '')}`;
}
