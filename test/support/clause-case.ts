import type { OverlayRecord } from '../../src/policy/policy-schema.js';
import { regionCase } from './region-case.js';

/** A shipped region for tests clause by clause: all figures by their key, gaps by their id. */
export function clauseCase(region: string) {
  const base = regionCase(region);
  const overlays = [base.sample];
  return {
    ...base,
    /** Amounts by key, of a file with one pool. */
    amounts: (text: string, given: readonly OverlayRecord[] = overlays) =>
      Object.fromEntries(
        base
          .compute(text, [...given])
          .map(({ id, amount }) => [id.split('.').slice(3).join('.'), amount]),
      ) as Readonly<Record<string, string>>,
    /** Ids of what is open. */
    gaps: (text: string, given: readonly OverlayRecord[] = overlays): readonly string[] =>
      base.gapsOf(text, [...given]).map(({ id }) => id),
    /** The sample overlay without some parameters. */
    sampleWithout: (...ids: readonly string[]): OverlayRecord => {
      const entries = Object.entries(base.sample.set).filter(([id]) => !ids.includes(id));
      return { ...base.sample, set: Object.fromEntries(entries) };
    },
  };
}

/** The file setting parameters otherwise, each as `reading: …` or `values: …`; they win over the sample overlay. */
export function setTo(text: string, set: Readonly<Record<string, string>>): string {
  const entries = Object.entries(set).map(
    ([id, value]) => `  ${id}: { ${value}, clause: sample-2025-9 §1 }`,
  );
  const documents =
    'documents: { sample-2025-9: { number: 样例, title: 样例, issued: 2025-01-10 } }';
  return text.replace(/^period: .*$/m, (line) => [line, documents, 'set:', ...entries].join('\n'));
}

/** Another value for a filing, which must stand there. */
export function filed(text: string, name: string, value: string): string {
  const found = new RegExp(`^( *${name.replaceAll('.', '\\.')}: \\{ value: )[^ }]+`, 'm');
  if (!found.test(text)) throw new Error(`nothing is filed as ${name}`);
  return text.replace(found, `$1${value}`);
}

/** The file without a filing's line. */
export function unfiled(text: string, name: string): string {
  const found = new RegExp(`^ *${name.replaceAll('.', '\\.')}: .*\\n`, 'm');
  if (!found.test(text)) throw new Error(`nothing is filed as ${name}`);
  return text.replace(found, '');
}
