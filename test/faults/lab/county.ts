import { Seeded } from './random.js';

/**
 * The laboratory's county: three members, some people, some claims. This is what the oracle knows to be true; the sources, the drop
 * folder and the agency's books are written from it, and nothing in it is taken from the product.
 */

export const CONSORTIUM = 'lab-county';
export const LEAD = 'H46029900001';
export const TOWN = 'H46029900011';
/** A village clinic that drops CSV files; the township centre settles for it. */
export const CLINIC = 'H46029900101';
export const MEMBERS = [LEAD, TOWN, CLINIC] as const;
export type Member = (typeof MEMBERS)[number];

export const settlesFor = (member: Member): string => (member === CLINIC ? TOWN : member);

export type Pool = 'employee' | 'resident';
export type CareType = 'outpatient' | 'chronic' | 'inpatient';

export interface Person {
  readonly personId: string;
  readonly certificate: string;
  readonly name: string;
  readonly sex: 'M' | 'F';
  readonly birthDate: string;
  /** First day on which a member knows the person. */
  readonly registeredOn: string;
}

export interface Line {
  readonly lineNo: string;
  readonly itemCode: string;
  readonly itemName: string;
  readonly quantity: bigint;
  readonly priceFen: bigint;
}

export interface Claim {
  readonly member: Member;
  readonly claimNo: string;
  readonly refundOf: string | null;
  readonly person: Person;
  readonly pool: Pool;
  readonly careType: CareType;
  /** Local time of the source, `2024-01-31 23:59:59.999`. */
  readonly settledAt: string;
  readonly lines: readonly Line[];
  readonly diagnosis: string;
}

export interface County {
  readonly persons: readonly Person[];
  readonly claims: readonly Claim[];
}

export interface CountySize {
  readonly seed: number;
  readonly months: readonly string[];
  /** Claims of a month by member. */
  readonly perMonth: Readonly<Record<Member, number>>;
}

export const SMALL: CountySize['perMonth'] = { [LEAD]: 30, [TOWN]: 16, [CLINIC]: 8 };

/** Enough lines in one month of the lead hospital for three slices. */
export const SLICED: CountySize['perMonth'] = { [LEAD]: 850, [TOWN]: 16, [CLINIC]: 8 };

export const lineFen = ({ quantity, priceFen }: Line): bigint => quantity * priceFen;
export const totalFen = ({ lines }: Claim): bigint =>
  lines.reduce((sum, line) => sum + lineFen(line), 0n);

export interface Shares {
  readonly pooled: bigint;
  readonly critical: bigint;
  readonly fund: bigint;
  readonly account: bigint;
  readonly cash: bigint;
}

/** How a claim's total was paid. Truncation towards zero keeps a refund the exact mirror of its original. */
export function sharesOf(claim: Claim): Shares {
  const total = totalFen(claim);
  const pooled = (total * 62n) / 100n;
  const critical = claim.careType === 'inpatient' ? (total * 7n) / 100n : 0n;
  const account = (total * 11n) / 100n;
  const fund = pooled + critical;
  return { pooled, critical, fund, account, cash: total - fund - account };
}

const SURNAMES = ['欧阳', '司徒', '诸葛', '上官', '慕容'];
const GIVEN = ['测试甲', '测试乙', '测试丙', '测试丁', '测试戊', '测试己'];
const ITEMS = [
  ['001102000010000-110200001', '普通门诊诊查费'],
  ['002501010010000-250101001', '血常规检查'],
  ['002503010010000-250301001', '血清总蛋白测定'],
  ['001204000010000-120400001', '肌肉注射'],
] as const;
const DIAGNOSES = ['I10.x00', 'J06.900', 'K29.500', 'E11.900'];

export function makeCounty(size: CountySize): County {
  const random = new Seeded(size.seed);
  const [first = ''] = size.months;
  const persons = Array.from({ length: 24 }, (_, index) =>
    makePerson(random, index, `${first}-01`),
  );
  const claims = size.months.flatMap((month) =>
    MEMBERS.flatMap((member) =>
      Array.from({ length: size.perMonth[member] }, (_, index) =>
        makeClaim(random, { member, month, index, persons }),
      ),
    ),
  );
  return { persons, claims: claims.flatMap((claim, index) => withRefund(claim, index)) };
}

function makePerson(random: Seeded, index: number, registeredOn: string): Person {
  const year = random.int(1940, 2015);
  const birthDate = `${year}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
  const body = `460200${birthDate.replaceAll('-', '')}${String(random.int(0, 99)).padStart(2, '0')}${random.int(0, 9)}`;
  return {
    personId: `46020099${String(700_000 + index * 131 + random.int(0, 100)).padStart(8, '0')}`,
    certificate: `${body}${checkDigit(body)}`,
    name: `${random.pick(SURNAMES)}${random.pick(GIVEN)}`,
    sex: random.pick(['M', 'F'] as const),
    birthDate,
    registeredOn,
  };
}

interface ClaimPlace {
  readonly member: Member;
  readonly month: string;
  readonly index: number;
  readonly persons: readonly Person[];
}

function makeClaim(random: Seeded, { member, month, index, persons }: ClaimPlace): Claim {
  const person = random.pick(persons);
  const claimNo = `${member.slice(-3)}${month.replace('-', '')}${String(index + 1).padStart(4, '0')}`;
  const day = two(random.int(1, daysIn(month)));
  const time = `${two(random.int(8, 17))}:${two(random.int(0, 59))}:${two(random.int(0, 59))}`;
  return {
    member,
    claimNo,
    refundOf: null,
    person,
    pool: random.pick(['employee', 'resident', 'resident'] as const),
    careType: member === LEAD && index % 6 === 0 ? 'inpatient' : careOf(random),
    settledAt: `${month}-${day} ${time}.000`,
    lines: Array.from({ length: random.int(1, 4) }, (_, line) => makeLine(random, claimNo, line)),
    diagnosis: random.pick(DIAGNOSES),
  };
}

const careOf = (random: Seeded): CareType =>
  random.pick(['outpatient', 'outpatient', 'chronic'] as const);

function makeLine(random: Seeded, claimNo: string, index: number): Line {
  const [itemCode, itemName] = random.pick(ITEMS);
  return {
    lineNo: `${claimNo}${two(index + 1)}`,
    itemCode,
    itemName,
    quantity: BigInt(random.int(1, 3)),
    priceFen: BigInt(random.int(101, 29_999)),
  };
}

/** Every eleventh claim of a hospital is taken back the same day. */
function withRefund(claim: Claim, index: number): readonly Claim[] {
  if (index % 11 !== 5 || claim.member === CLINIC) return [claim];
  return [claim, refundOf(claim)];
}

export function refundOf(claim: Claim): Claim {
  return {
    ...claim,
    claimNo: `${claim.claimNo}R`,
    refundOf: claim.claimNo,
    lines: claim.lines.map((line) => ({
      ...line,
      lineNo: `${line.lineNo}R`,
      quantity: -line.quantity,
    })),
  };
}

export const monthOf = ({ settledAt }: Claim): string => settledAt.slice(0, 7);
export const dayOf = ({ settledAt }: Claim): string => settledAt.slice(0, 10);

export function claimsOf(county: County, member: Member, month?: string): readonly Claim[] {
  return county.claims.filter(
    (claim) => claim.member === member && (month === undefined || monthOf(claim) === month),
  );
}

export function yuanText(fen: bigint): string {
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0');
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function daysIn(month: string): number {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Last character of a citizen number (GB 11643). */
function checkDigit(body: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return '10X98765432'[sum % 11] ?? '';
}
