import { negated } from '../claims/benefit.js';
import type { DemoClaim, Dirt } from '../claims/model.js';
import { monthNumber } from './calendar.js';
import { CLINICS, type Institution, LEAD, TCM, TOWNSHIPS } from './institutions.js';
import type { Person } from './people.js';

/** One planted fault of a record, and what the gateway must do with it. */
export interface PlantedDirt {
  readonly kind: string;
  readonly institution: string;
  readonly stream: 'persons' | 'claims' | 'lines' | 'file';
  /** Claim number, `claim/line`, person number or file name. */
  readonly subject: string;
  /** A quarantine rule, or `lands`, `rejected`, `duplicate`, `incomplete`, `late`. */
  readonly expected: string;
  /** Fen that the source counts for the faulty row. */
  readonly amount: bigint;
}

/** People whose record at one member contradicts what another member knows: member and number → the wrong certificate. */
export type WrongCertificates = ReadonlyMap<string, string>;

export interface DirtyCounty {
  readonly dirt: readonly PlantedDirt[];
  readonly wrongCertificates: WrongCertificates;
}

type ByInstitution = ReadonlyMap<string, readonly DemoClaim[]>;

/** Plants faults in ordinary claims. `clean` says which claims must stay as they are. */
export function plantDirt(claims: ByInstitution, clean: ReadonlySet<DemoClaim>): DirtyCounty {
  const dirt: PlantedDirt[] = [];
  const first = (wish: Wish): DemoClaim | null => findClaim(claims, clean, wish);
  for (const { wish, make, expected, stream } of RECIPES) {
    const claim = first(wish);
    if (claim === null) continue;
    claim.dirt = make(claim);
    dirt.push(spoil(claim, { stream, expected }));
  }
  const conflicts = wrongCertificates(claims);
  return {
    dirt: [...dirt, ...conflicts.dirt],
    wrongCertificates: conflicts.certificates,
  };
}

interface Wish {
  readonly institution: Institution | undefined;
  readonly months: readonly number[];
  readonly stay?: boolean;
}

interface Recipe {
  readonly wish: Wish;
  readonly make: (claim: DemoClaim) => Dirt;
  readonly stream: 'claims' | 'lines';
  readonly expected: string;
}

const RECIPES: readonly Recipe[] = [
  {
    wish: { institution: CLINICS[0], months: [3, 4, 5] },
    make: () => ({ kind: 'rare-character' }),
    stream: 'lines',
    expected: 'lands',
  },
  {
    wish: { institution: CLINICS[9], months: [2, 3, 4] },
    make: () => ({ kind: 'no-such-charge-date', line: 1 }),
    stream: 'lines',
    expected: 'no-such-date',
  },
  {
    wish: { institution: TOWNSHIPS[0], months: [3, 4, 5, 6, 7, 8, 9], stay: true },
    make: () => ({ kind: 'no-such-admission-date' }),
    stream: 'claims',
    expected: 'no-such-date',
  },
  {
    wish: { institution: TCM, months: [5, 6, 7] },
    make: () => ({ kind: 'amount-contradicts-price', line: 1 }),
    stream: 'lines',
    expected: 'quantity-price-amount',
  },
  {
    wish: { institution: CLINICS[7], months: [6, 7, 8] },
    make: () => ({ kind: 'negative-without-refund' }),
    stream: 'claims',
    expected: 'negative-without-refund',
  },
];

function findClaim(
  claims: ByInstitution,
  clean: ReadonlySet<DemoClaim>,
  wish: Wish,
): DemoClaim | null {
  const candidates = claims.get(wish.institution?.code ?? '') ?? [];
  const found = candidates.find(
    (claim) =>
      !clean.has(claim) &&
      claim.lines.length > 2 &&
      wish.months.includes(monthNumber(claim.settledDay)) &&
      (claim.stay !== null) === (wish.stay ?? false),
  );
  return found ?? null;
}

const TEN_YUAN = 1000n;

/** Changes the amounts where the fault is one of money; dates and names are spoilt when the source is written. */
function spoil(
  claim: DemoClaim,
  { stream, expected }: Pick<Recipe, 'stream' | 'expected'>,
): PlantedDirt {
  const { dirt } = claim;
  const line = dirt !== null && 'line' in dirt ? claim.lines[dirt.line] : claim.lines[0];
  if (dirt?.kind === 'negative-without-refund') claim.money = negated(claim.money);
  if (dirt?.kind === 'amount-contradicts-price' && line !== undefined) line.amount += TEN_YUAN;
  return {
    kind: dirt?.kind ?? '',
    institution: claim.institution.code,
    stream,
    subject: stream === 'lines' ? `${claim.claimNo}/${line?.lineNo ?? ''}` : claim.claimNo,
    expected,
    amount: stream === 'lines' ? (line?.amount ?? 0n) : claim.money.total,
  };
}

/** Two people known to the lead hospital early in the year come later to another member, where their certificate is wrong. */
function wrongCertificates(claims: ByInstitution): {
  readonly dirt: PlantedDirt[];
  readonly certificates: WrongCertificates;
} {
  const known = firstSeen(claims.get(LEAD.code) ?? []);
  const everywhere = [...claims.entries()];
  const certificates = new Map<string, string>();
  const dirt: PlantedDirt[] = [];
  for (const member of [TOWNSHIPS[1], TCM]) {
    if (member === undefined) continue;
    for (const { person, month } of firstSeen(claims.get(member.code) ?? []).values()) {
      const before = known.get(person.id)?.month ?? 13;
      const elsewhere = everywhere.filter(([code]) => code !== member.code && code !== LEAD.code);
      const seenElsewhere = elsewhere.some(([, list]) =>
        list.some((claim) => claim.person === person),
      );
      if (before >= month || month > 11 || seenElsewhere) continue;
      certificates.set(`${member.code}|${person.id}`, contradictory(person));
      dirt.push({
        kind: 'certificate-disagrees',
        institution: member.code,
        stream: 'persons',
        subject: person.id,
        expected: 'person-conflict',
        amount: 0n,
      });
      break;
    }
  }
  return { dirt, certificates };
}

function firstSeen(claims: readonly DemoClaim[]): Map<string, { person: Person; month: number }> {
  const seen = new Map<string, { person: Person; month: number }>();
  for (const { person, settledDay } of claims) {
    if (!seen.has(person.id)) seen.set(person.id, { person, month: monthNumber(settledDay) });
  }
  return seen;
}

/** The same certificate with one digit of the sequence changed. */
function contradictory(person: Person): string {
  const digit = person.certificate[15] === '9' ? '0' : String(Number(person.certificate[15]) + 1);
  return `${person.certificate.slice(0, 15)}${digit}${person.certificate.slice(16)}`;
}

/** The certificate that a member's own record shows. */
export function certificateAt(
  institution: Institution,
  person: Person,
  wrong: WrongCertificates,
): string {
  return wrong.get(`${institution.code}|${person.id}`) ?? person.certificate;
}
