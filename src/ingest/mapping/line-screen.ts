import type pg from 'pg';

/**
 * Looks at lines while they land in a table of their own, so that what rules find in a line alone is known with the line. Its owner is
 * another folder: ingest knows no rule. Lines that are merged are not looked at; the audit of the books sees them all.
 */
export interface LineScreen {
  /** @param texts, numbers  a line in the order of FIELDS.lines, its national code filled in */
  look(texts: readonly (string | null)[], numbers: readonly number[]): void;
  /** Stores what was found since the last slice, in the slice's transaction. */
  keep(client: pg.PoolClient): Promise<void>;
  /** The slice was rolled back. */
  forget(): void;
}
