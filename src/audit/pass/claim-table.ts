import { copyCells } from '../../database/copy-text.js';
import { type Cells, claimOf } from '../claim-cells.js';
import { type MutableClaim, minuteOf, openClaim } from '../facts.js';
import { ByteKeys } from '../screen/byte-keys.js';
import { dayNumber, epochDayOf, ROW } from '../screen/positional-row.js';
import type { ProfileTable } from '../screen/profile.js';
import { datesInOrder } from '../templates/claim-consistency.template.js';
import { IntColumn, NumberColumn, TextColumn } from './growing.js';
import type { ClaimEdges, ClaimTotals } from './probe.js';

/** Where a claim is counted. */
export interface ClaimGroup {
  readonly period: string;
  readonly institution: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The claims of a pass as columns of numbers, in person order; what few of them need is kept as the text it came in. */
export class ClaimTable {
  readonly keys = new ByteKeys();
  readonly persons = new TextColumn();
  readonly groups: ClaimGroup[] = [];
  readonly person = new IntColumn();
  readonly group = new IntColumn();
  readonly institution = new IntColumn();
  readonly linesFen = new NumberColumn();
  readonly lines = new IntColumn();
  /** Claims that take another back, or hold a negative line. */
  readonly refundsOfPerson = new Set<number>();
  /** Inpatient claims with both dates, in person order; their texts stand beside them. */
  readonly stays = new IntColumn();
  readonly stayTexts = new TextColumn();
  private readonly profile = new IntColumn();
  private readonly birth = new IntColumn();
  private readonly admitted = new IntColumn();
  private readonly discharged = new IntColumn();
  private readonly stayDays = new IntColumn();
  private readonly amounts = new NumberColumn();
  private readonly disordered = new Set<number>();
  private readonly edges = new IntColumn();
  private readonly groupNumbers = new Map<string, number>();
  private readonly institutions = new Map<string, number>();
  private keyBytes = new Uint8Array(256);
  private lastPerson: string | null = null;

  constructor(private readonly profiles: ProfileTable) {}

  get size(): number {
    return this.person.length;
  }

  /** A row of CLAIM_COLUMNS as COPY wrote it; rows come by person. */
  add(text: string): void {
    const claim = this.addKey(text);
    const fields = claimOfText(copyCells(text));
    if (claim < this.size) this.noteTwice(claim);
    else this.append(claim, text, fields);
  }

  private append(claim: number, text: string, fields: TextFields): void {
    if (this.lastPerson !== fields.personId) this.persons.push(fields.personId);
    this.lastPerson = fields.personId;
    const person = this.persons.length - 1;
    this.person.push(person);
    this.profile.push(this.profiles.indexOf(fields));
    this.birth.push(dayNumber(fields.birthDate));
    this.admitted.push(dayNumber(fields.admittedAt));
    this.discharged.push(dayNumber(fields.dischargedAt));
    this.stayDays.push(stayDaysOf(fields));
    this.institution.push(numberOf(this.institutions, fields.institution));
    this.group.push(this.groupOf(fields));
    for (const amount of fields.amounts) this.amounts.push(amount);
    for (const edge of edgesOf(fields)) this.edges.push(edge);
    this.linesFen.push(0);
    this.lines.push(0);
    if (fields.refundOf !== null) this.refundsOfPerson.add(person);
    if (!datesInOrder(fields)) this.disordered.add(claim);
    this.noteStay(claim, text, fields);
  }

  /** Profile and dates, into a row. */
  fill(claim: number, row: Float64Array): void {
    row[ROW.profile] = this.profile.at(claim);
    row[ROW.birthDate] = this.birth.at(claim);
    row[ROW.admittedOn] = this.admitted.at(claim);
    row[ROW.dischargedOn] = this.discharged.at(claim);
  }

  /** Number of a claim's profile. */
  profileOf(claim: number): number {
    return this.profile.at(claim);
  }

  totalsOf(claim: number): ClaimTotals {
    const at = claim * AMOUNTS;
    return {
      totalFeeFen: this.amounts.at(at),
      fundPaidFen: this.amounts.at(at + 1),
      accountPaidFen: this.amounts.at(at + 2),
      cashPaidFen: this.amounts.at(at + 3),
      fundsFen: this.amounts.at(at + 4),
      linesFen: this.linesFen.at(claim),
      lines: this.lines.at(claim),
      datesInOrder: !this.disordered.has(claim),
    };
  }

  edgesOf(claim: number): ClaimEdges {
    const at = claim * EDGES;
    return {
      admissionDay: this.edges.at(at),
      admissionHours: this.edges.at(at + 1),
      dischargeDay: this.edges.at(at + 2),
      dischargeHours: this.edges.at(at + 3),
    };
  }

  /** Days from admission to discharge, at least 1; 0 where one of them is not known. */
  stayDaysOf(claim: number): number {
    return this.stayDays.at(claim);
  }

  /** Institution and number of a claim. */
  nameOf(claim: number): readonly [institution: string, claimNo: string] {
    const [institution, claimNo] = copyCells(decoder.decode(this.keys.bytesOf(claim)));
    return [institution ?? '', claimNo ?? ''];
  }

  /** Two claims of one number, settled on different days: people look at such a person whole. */
  private noteTwice(claim: number): void {
    this.refundsOfPerson.add(this.person.at(claim));
  }

  private addKey(text: string): number {
    const key = text.slice(0, text.indexOf('\t', text.indexOf('\t') + 1));
    if (this.keyBytes.length < key.length * 3) this.keyBytes = new Uint8Array(key.length * 3);
    return this.keys.add(this.keyBytes, 0, encoder.encodeInto(key, this.keyBytes).written);
  }

  private groupOf({ period, institution }: ClaimGroup): number {
    const group = numberOf(this.groupNumbers, `${period} ${institution}`);
    if (group === this.groups.length) this.groups.push({ period, institution });
    return group;
  }

  private noteStay(claim: number, text: string, fields: TextFields): void {
    const { careType, admittedAt, dischargedAt } = fields;
    if (careType !== 'inpatient' || admittedAt === null || dischargedAt === null) return;
    this.stays.push(claim);
    this.stayTexts.push(text);
  }
}

/** The facts of a claim kept as text, without lines and diagnoses. */
export function claimOfStay(text: string): MutableClaim {
  return openClaim(claimOf(copyCells(text)));
}

const AMOUNTS = 5;
const EDGES = 4;

type TextFields = ReturnType<typeof claimOfText>;

/** The few cells that the table needs, amounts as numbers: exact far beyond any bound of the store. */
function claimOfText(cells: Cells) {
  const known = (index: number): string | null => cells[index] ?? null;
  const amount = (index: number): number => Number(cells[index] ?? 0);
  return {
    institution: cells[0] ?? '',
    level: cells[3] as MutableClaim['level'],
    period: cells[4] ?? '',
    refundOf: known(5),
    personId: cells[6] ?? '',
    sex: cells[7] as MutableClaim['sex'],
    birthDate: known(8),
    pool: cells[9] as MutableClaim['pool'],
    careType: cells[10] as MutableClaim['careType'],
    settledOn: cells[11] ?? '',
    admittedAt: known(12),
    dischargedAt: known(13),
    amounts: [
      amount(15),
      amount(16),
      amount(17),
      amount(18),
      amount(19) + amount(20) + amount(21) + amount(22),
    ],
  };
}

function numberOf(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

function stayDaysOf({ admittedAt, dischargedAt }: TextFields): number {
  if (admittedAt === null || dischargedAt === null) return 0;
  return Math.max(1, epochDayOf(dayNumber(dischargedAt)) - epochDayOf(dayNumber(admittedAt)));
}

/** Day and hours of admission, day and hours of discharge; a day is −1 where the hour is not known. */
function edgesOf({ admittedAt, dischargedAt }: TextFields): readonly number[] {
  const [first, last] = [hourOf(admittedAt), hourOf(dischargedAt)];
  return [
    first === null ? -1 : epochDayOf(dayNumber(admittedAt)),
    24 - Math.floor(first ?? 0),
    last === null ? -1 : epochDayOf(dayNumber(dischargedAt)),
    Math.ceil(last ?? 24),
  ];
}

function hourOf(moment: string | null): number | null {
  const minute = moment === null ? null : minuteOf(moment);
  return minute === null ? null : minute / 60;
}
