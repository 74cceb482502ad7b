import { epochDayOf, ROW } from '../screen/positional-row.js';
import type { ClaimTable } from './claim-table.js';
import { IntColumn, NumberColumn } from './growing.js';
import type { LinesProbe, PersonLines } from './probe.js';

/** Code, day and place within a person's lines, packed into one exact number so that a plain sort orders them. */
const PLACES = 2 ** 18;
const DAYS = 2 ** 19;
/** Days before 1970 stay positive. */
const FIRST_DAY = 30_000;

/** The lines of a pass that woke one rule which looks at several lines of a person. */
export class WokenLines {
  private readonly code = new IntColumn();
  private readonly day = new IntColumn();
  private readonly claim = new IntColumn();
  private readonly quantity = new NumberColumn();
  private lastDay = 0;
  private lastEpochDay = 0;

  push(claim: number, row: Float64Array): void {
    this.claim.push(claim);
    this.code.push(row[ROW.code] ?? 0);
    this.quantity.push(row[ROW.quantity] ?? 0);
    this.day.push(this.epochDay(row[ROW.chargedOn] ?? 0));
  }

  /** Asks the probe about each person with such lines, one of them in a claim that concerns; calls back with those it wants looked at. */
  suspects(
    table: ClaimTable,
    {
      probe,
      concerns,
    }: { readonly probe: LinesProbe; readonly concerns: (claim: number) => boolean },
    suspect: (person: number) => void,
  ): void {
    const { starts, order } = this.byPerson(table);
    const lines = new ProbedLines(table);
    for (let person = 0; person + 1 < starts.length; person += 1) {
      const [from, end] = [starts[person] ?? 0, starts[person + 1] ?? 0];
      if (!order.subarray(from, end).some((line) => concerns(this.claim.at(line)))) continue;
      if (end - from >= PLACES) suspect(person);
      else if (probe(this.fill(lines, order.subarray(from, end)))) suspect(person);
    }
  }

  private epochDay(day: number): number {
    if (day === this.lastDay) return this.lastEpochDay;
    this.lastDay = day;
    this.lastEpochDay = epochDayOf(day);
    return this.lastEpochDay;
  }

  /** Counting sort: where each person's lines begin, and the lines in that order. */
  private byPerson(table: ClaimTable): { starts: Uint32Array; order: Uint32Array } {
    const starts = new Uint32Array(table.persons.length + 1);
    const persons = table.person;
    for (let line = 0; line < this.claim.length; line += 1) {
      const next = persons.at(this.claim.at(line)) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
    for (let person = 1; person < starts.length; person += 1)
      starts[person] = (starts[person] ?? 0) + (starts[person - 1] ?? 0);
    const next = starts.slice();
    const order = new Uint32Array(this.claim.length);
    for (let line = 0; line < this.claim.length; line += 1) {
      const person = persons.at(this.claim.at(line));
      const at = next[person] ?? 0;
      order[at] = line;
      next[person] = at + 1;
    }
    return { starts, order };
  }

  /** One person's lines by code, then day. */
  private fill(lines: ProbedLines, order: Uint32Array): ProbedLines {
    const keys = lines.open(order.length);
    for (let place = 0; place < order.length; place += 1) {
      const line = order[place] ?? 0;
      keys[place] = (this.code.at(line) * DAYS + this.day.at(line) + FIRST_DAY) * PLACES + place;
    }
    if (order.length > 1) keys.sort();
    for (let place = 0; place < order.length; place += 1) {
      const line = order[(keys[place] ?? 0) % PLACES] ?? 0;
      lines.set(place, {
        code: this.code.at(line),
        day: this.day.at(line),
        claim: this.claim.at(line),
        quantity: this.quantity.at(line),
      });
    }
    return lines;
  }
}

/** One person's lines, used again for the next. */
class ProbedLines implements PersonLines {
  count = 0;
  code = new Int32Array(64);
  day = new Int32Array(64);
  claim = new Int32Array(64);
  institution = new Int32Array(64);
  quantity = new Float64Array(64);
  private keys = new Float64Array(64);

  constructor(private readonly table: ClaimTable) {}

  edgesOf(claim: number) {
    return this.table.edgesOf(claim);
  }

  stayDaysOf(claim: number) {
    return this.table.stayDaysOf(claim);
  }

  /** Makes room, and gives the keys to sort by. */
  open(count: number): Float64Array {
    if (count > this.code.length) {
      const capacity = count * 2;
      this.code = new Int32Array(capacity);
      this.day = new Int32Array(capacity);
      this.claim = new Int32Array(capacity);
      this.institution = new Int32Array(capacity);
      this.quantity = new Float64Array(capacity);
      this.keys = new Float64Array(capacity);
    }
    this.count = count;
    return this.keys.subarray(0, count);
  }

  set(
    place: number,
    line: {
      readonly code: number;
      readonly day: number;
      readonly claim: number;
      readonly quantity: number;
    },
  ): void {
    this.code[place] = line.code;
    this.day[place] = line.day;
    this.claim[place] = line.claim;
    this.institution[place] = this.table.institution.at(line.claim);
    this.quantity[place] = line.quantity;
  }
}
