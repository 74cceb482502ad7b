import { beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoClaim, sumFen } from '../claims/model.js';
import { deliveriesOf } from '../drops/drop-plan.js';
import { agencyBooks } from '../truth/agency-books.js';
import { allClaims, type County, makeCounty } from './county.js';
import { makePeople } from './people.js';

const SIZE = { seed: 11, claims: 2400, planted: 5 };
const NAMES = new Map<string, string>();
let county: County;
let claims: DemoClaim[];

beforeAll(() => {
  county = makeCounty(SIZE);
  claims = allClaims(county);
});

describe('the demo county', () => {
  it('is the same for the same seed, to the byte, and another for another', () => {
    const texts = [SIZE, SIZE, { ...SIZE, seed: 12 }].map((size) => {
      const made = makeCounty(size);
      const files = deliveriesOf(made, NAMES).map(({ bytes }) =>
        Buffer.from(bytes).toString('hex'),
      );
      return JSON.stringify([agencyBooks(made).rows, files]);
    });
    expect(texts[1] === texts[0]).toBe(true);
    expect(texts[2] === texts[0]).toBe(false);
  });

  it('has about as many claims as asked', () => {
    expect(Math.abs(claims.length - SIZE.claims)).toBeLessThan(SIZE.claims / 10);
  });

  it('plants at least five violations of every rule and a compliant twin of the countable ones', () => {
    const counts = new Map<string, number>();
    for (const { rule } of county.planted.flatMap(({ violations }) => violations)) {
      counts.set(rule, (counts.get(rule) ?? 0) + 1);
    }
    expect([...counts].filter(([, count]) => count < 5)).toEqual([]);
    expect(counts.size).toBe(18);
    const twins = county.planted.flatMap(({ twinOf }) => (twinOf === undefined ? [] : [twinOf]));
    expect(twins.map((text) => text.slice(0, 6))).toEqual(
      expect.arrayContaining([
        'CAT-11',
        'QTY-01',
        'QTY-02',
        'QTY-03',
        'CHG-08',
        'INP-01',
        'INP-02',
      ]),
    );
  });

  it('plants every kind of dirt', () => {
    expect(new Set(county.dirt.map(({ kind }) => kind))).toEqual(
      new Set([
        'rare-character',
        'no-such-charge-date',
        'no-such-admission-date',
        'amount-contradicts-price',
        'negative-without-refund',
        'certificate-disagrees',
      ]),
    );
    expect(claims.some(({ refunds }) => refunds !== null)).toBe(true);
    const unmapped = claims.filter(({ lines }) => lines.some(({ item }) => item.code === null));
    // A clinic speaks national codes only: its system has no table of its own.
    expect(unmapped.length).toBeGreaterThan(0);
    expect(unmapped.filter(({ institution }) => institution.level === 'village')).toEqual([]);
  });
});

describe('the people', () => {
  it('have a number and a certificate each, with a right check digit', () => {
    const people = makePeople(5, 20_000);
    expect(new Set(people.map(({ id }) => id)).size).toBe(people.length);
    expect(new Set(people.map(({ certificate }) => certificate)).size).toBe(people.length);
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
    const sumOf = (text: string): number =>
      weights.reduce(
        (sum, weight, at) => sum + weight * (text[at] === 'X' ? 10 : Number(text[at])),
        0,
      );
    expect(people.filter(({ certificate }) => sumOf(certificate) % 11 !== 1)).toEqual([]);
  });
});

describe('an ordinary claim', () => {
  const returned = (claim: DemoClaim): boolean =>
    claim.dirt !== null ||
    county.planted.some(({ violations }) =>
      violations.some((one) => one.rule === 'ELG-08' && one.claim === claim),
    );

  it('has lines that add up to its total, and funds and own money that do too', () => {
    const wrong = claims.filter((claim) => {
      const { money, lines } = claim;
      const funds = money.pooled + money.criticalIllness + money.largeExpense + money.medicalAid;
      return !(
        sumFen(lines.map(({ amount }) => amount)) === money.total &&
        sumFen(lines.map(({ eligible }) => eligible)) === money.eligible &&
        funds === money.fund &&
        money.fund + money.account + money.cash === money.total
      );
    });
    expect(wrong.filter((claim) => !returned(claim))).toEqual([]);
  });

  it('never lets the fund pay more than counts for it', () => {
    const sign = (claim: DemoClaim): bigint => (claim.money.total < 0n ? -1n : 1n);
    expect(
      claims.filter((claim) => sign(claim) * claim.money.fund > sign(claim) * claim.money.eligible),
    ).toEqual([]);
  });

  it('is settled within the year, a stay on its last day, refunds after what they take back', () => {
    const wrong = claims.filter(({ settledDay, stay, refunds }) => {
      if (settledDay < 0 || settledDay > 365) return true;
      if (refunds !== null) return settledDay <= refunds.settledDay;
      return stay !== null && (stay.dischargedDay !== settledDay || stay.admittedDay >= settledDay);
    });
    expect(wrong).toEqual([]);
  });

  it('has a number of its own within the unit that settles it', () => {
    const keys = claims.map(({ institution, claimNo }) => `${institution.settledBy}/${claimNo}`);
    expect(new Set(keys).size).toBe(keys.length);
    const lead = claims.filter(({ institution }) => institution.source === 'lead');
    expect(lead.every(({ claimNo }) => /^\d{19}$/.test(claimNo))).toBe(true);
  });
});
