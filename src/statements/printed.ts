import type { ChainHead } from '../journal/chain.js';
import type { Statement } from './statement.js';

/** What statements and deduction sheets are printed as. */
export type StatementFormat = 'pdf' | 'xlsx';

/** A statement as a file. */
export interface PrintedStatement {
  readonly bytes: Uint8Array;
  /** Of the file, with ending. */
  readonly name: string;
  readonly statement: Statement;
}

/** What comes onto the paper only when it is printed. */
export interface PrintContext {
  /** Where the journal stood: whoever keeps the paper can prove that nothing before was changed. */
  readonly journal: ChainHead;
}
