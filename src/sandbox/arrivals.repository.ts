import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { KeptList } from './lists.js';

/** One line of the agency's own record: what arrived, and whether it took effect. Never changed afterwards. */
export interface Arrival {
  readonly msgid: string;
  readonly infno: string;
  readonly fixmedins_code: string;
  /** What the message is about: the same for the same business, whatever message carries it. */
  readonly key: string;
  /** SHA-256 of the input, to tell a repetition from another content. */
  readonly content: string;
  readonly outcome: 'accepted' | 'rejected' | 'unseen';
  readonly fault: string | null;
}

const LISTS = 'lists.ndjson';

/** The append-only record (synced line by line, before any answer goes out) and the files behind it. */
export class ArrivalStore {
  private readonly record: number;
  private readonly folder: string;
  private readonly listRecord: number;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.folder = `${path}.files`;
    mkdirSync(this.folder, { recursive: true });
    this.record = openSync(path, 'a');
    this.listRecord = openSync(join(this.folder, LISTS), 'a');
  }

  append(arrival: Arrival): void {
    writeSync(this.record, `${JSON.stringify({ at: new Date().toISOString(), ...arrival })}\n`);
    fsyncSync(this.record);
  }

  saveFile(number: string, content: Buffer): void {
    writeFileSync(this.pathOf(number), content);
  }

  /** Null when no such file was ever stored. */
  readFile(number: string): Buffer | null {
    const path = this.pathOf(number);
    return existsSync(path) ? readFileSync(path) : null;
  }

  /** A change of a settlement list; the last one of a list counts. */
  keepList(list: KeptList): void {
    writeSync(this.listRecord, `${JSON.stringify(list)}\n`);
  }

  /** Every change so far, in order. */
  lists(): readonly KeptList[] {
    const lines = readFileSync(join(this.folder, LISTS), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as KeptList);
  }

  close(): void {
    closeSync(this.record);
    closeSync(this.listRecord);
  }

  private pathOf(number: string): string {
    return join(this.folder, number.replace(/[^0-9A-Za-z]/g, '_'));
  }
}
