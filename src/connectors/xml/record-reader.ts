import type { RawRow } from '../connector.js';

/** An element while it is open: its attributes as `@name`, and what its closed children left behind, by relative path. */
export interface Element {
  readonly name: string;
  readonly path: string;
  readonly texts: Map<string, string>;
  text: string;
}

/** Only these texts of a child are passed up to its parent; `a/b` deep, so that lists of records do not pile up. */
const MAX_PATH_STEPS = 4;

/**
 * Reads columns that are paths relative to a record: `total`, `@no`, `patient/@id`, `../@claimNo`, `../settledAt`. A parent's
 * child must stand before the record in the document.
 */
export class RecordReader {
  private readonly paths: readonly { readonly up: number; readonly rest: string }[];
  private readonly wanted: ReadonlySet<string>;

  constructor(columns: readonly string[]) {
    this.paths = columns.map((column) => {
      const steps = column.split('/');
      const up = steps.filter((step) => step === '..').length;
      return { up, rest: steps.slice(up).join('/') };
    });
    this.wanted = new Set(this.paths.flatMap(({ rest }) => suffixesOf(rest)));
  }

  add(record: Element, ancestors: readonly Element[], rows: RawRow[]): void {
    rows.push(
      this.paths.map(({ up, rest }) => {
        const element = up === 0 ? record : ancestors.at(-up);
        return element === undefined ? null : textOf(element, rest);
      }),
    );
  }

  /** Leaves with the parent what some path may ask of it. */
  lift(child: Element, parent: Element): void {
    const own = child.name;
    if (this.wanted.has(own) && !parent.texts.has(own)) parent.texts.set(own, child.text);
    for (const [path, text] of child.texts) {
      const longer = `${own}/${path}`;
      if (this.wanted.has(longer) && !parent.texts.has(longer)) parent.texts.set(longer, text);
    }
  }
}

/** `patient/id/@no` is built up from `@no`, `id/@no`. */
function suffixesOf(path: string): readonly string[] {
  const steps = path.split('/').slice(-MAX_PATH_STEPS);
  return steps.map((_, index) => steps.slice(index).join('/'));
}

function textOf(element: Element, path: string): string | null {
  if (path === '') return element.text;
  return element.texts.get(path) ?? null;
}
