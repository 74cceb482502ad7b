import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../support/test-database.js';
import { CSV_CLINIC, HOSPITAL, optionsOf, SiteFolder, TOWNSHIP } from './site-folder.js';

const MARCH = { from: '2024-03-01', to: '2024-04-01' };
const signal = new AbortController().signal;
const MEMBERS = [HOSPITAL, TOWNSHIP, CSV_CLINIC] as const;

const yaml = (url: string, institution: string) => `
institution: ${institution}
connector: postgres
options: ${optionsOf(url)}
streams:
  persons:
    query: SELECT * FROM person WHERE member = '${institution}'
    cursor: at
    key: [person, certificate]
    map: { personId: person, certificate: certificate, sex: sex, birthDate: born }
  claims:
    query: SELECT *, 1 AS total FROM claim WHERE member = '${institution}'
    cursor: at
    key: [no]
    map:
      claimNo: no
      personId: person
      certificate: certificate
      pool: { constant: resident }
      careType: { constant: outpatient }
      settledAt: at
      totalFee: total
      eligible: { constant: '1.00' }
      deductible: { constant: '0' }
      pooledFundPaid: { constant: '1.00' }
      fundPaid: { constant: '1.00' }
      accountPaid: { constant: '0' }
      cashPaid: { constant: '0' }
`;

describe('members that disagree about people', () => {
  let his: TestDatabase;
  let folder: SiteFolder;

  beforeEach(async () => {
    his = await createEmptyDatabase();
    folder = new SiteFolder();
    await his.pool.query(`
      CREATE TABLE person (member text, person text, certificate text, sex text, born date, at timestamp DEFAULT '2024-03-01');
      CREATE TABLE claim (member text, no text, person text, certificate text, at timestamp DEFAULT '2024-03-02')`);
    for (const member of MEMBERS) folder.institution(member, yaml(his.url, member));
  });
  afterEach(async () => {
    await his.drop();
    folder.remove();
  });

  /** What each member's register says; few people and certificates, so that they meet. */
  const said = fc.uniqueArray(
    fc.record({
      member: fc.constantFrom(...MEMBERS),
      person: fc.constantFrom('P1', 'P2', 'P3'),
      certificate: fc.constantFrom('X1', 'X2', 'X3'),
      sex: fc.constantFrom('male', 'female', 'unknown'),
      born: fc.constantFrom('1990-01-01', '1991-01-01', null),
    }),
    { maxLength: 6, selector: ({ member, person }) => `${member} ${person}` },
  );
  const order = fc.shuffledSubarray([...MEMBERS], { minLength: 3, maxLength: 3 });

  it('come to the same people and the same rows set aside in whatever order they are read', async () => {
    await fc.assert(
      fc.asyncProperty(said, order, order, async (people, persons, claims) => {
        await his.pool.query('TRUNCATE person, claim');
        for (const { member, person, certificate, sex, born } of people) {
          await his.pool.query('INSERT INTO person VALUES ($1, $2, $3, $4, $5)', [
            member,
            person,
            certificate,
            sex,
            born,
          ]);
          await his.pool.query('INSERT INTO claim VALUES ($1, $2, $3, $4)', [
            member,
            `${member}-${person}`,
            person,
            certificate,
          ]);
        }
        expect(await outcome(persons, claims)).toEqual(await outcome(MEMBERS, MEMBERS));
      }),
      { numRuns: 6 },
    );
  }, 300_000);

  it('believe the first in the consortium’s list, and tell the other', async () => {
    await his.pool.query(`INSERT INTO person VALUES ('${TOWNSHIP}', 'P1', 'X1', 'male', null), ('${HOSPITAL}', 'P1', 'X2', 'female', null);
      INSERT INTO claim VALUES ('${TOWNSHIP}', 'T1', 'P1', 'X1'), ('${TOWNSHIP}', 'T2', 'P1', null), ('${HOSPITAL}', 'H1', 'P1', 'X2')`);
    const { people, aside, claims, conflicts } = await outcome(
      [TOWNSHIP, HOSPITAL, CSV_CLINIC],
      MEMBERS,
    );
    expect(people).toMatchObject([{ person: 'P1', sex: 'female' }]);
    expect(claims).toEqual(['H1', 'T2']);
    expect(aside).toEqual([`${TOWNSHIP} claims T1`, `${TOWNSHIP} persons P1`]);
    expect(conflicts).toEqual([`${TOWNSHIP} P1`]);
  });

  it('take back what was set aside because of a member that is itself overturned', async () => {
    await his.pool.query(`INSERT INTO person VALUES ('${TOWNSHIP}', 'P1', 'X1', 'male', null),
      ('${CSV_CLINIC}', 'P1', 'X2', 'male', null), ('${HOSPITAL}', 'P1', 'X2', 'male', null)`);
    const { aside, conflicts } = await outcome([TOWNSHIP, CSV_CLINIC, HOSPITAL], MEMBERS);
    expect(aside).toEqual([`${TOWNSHIP} persons P1`]);
    expect(conflicts).toEqual([`${TOWNSHIP} P1`]);
  });

  /** A fresh gateway that reads registers and then claims, each in the given order. */
  async function outcome(persons: readonly string[], claims: readonly string[]) {
    const own = await createTestDatabase();
    try {
      const ingest = folder.ingest(own.pool);
      for (const institution of persons)
        await ingest.pull({ institution, window: MARCH, streams: ['persons'] }, signal);
      for (const institution of claims)
        await ingest.pull({ institution, window: MARCH, streams: ['claims'] }, signal);
      const list = async (sql: string) =>
        (await own.pool.query<{ text: string }>(sql)).rows.map(({ text }) => text);
      const { rows: people } = await own.pool.query(
        'SELECT person_id AS person, certificate_hash AS certificate, sex, birth_date AS born FROM person ORDER BY 1',
      );
      return {
        people,
        claims: await list(`SELECT claim_no AS text FROM claim ORDER BY 1`),
        aside: await list(
          `SELECT concat_ws(' ', institution, stream, natural_key) AS text FROM quarantine_open ORDER BY 1`,
        ),
        conflicts: await list(
          `SELECT DISTINCT concat_ws(' ', institution, person_id) AS text FROM person_conflict ORDER BY 1`,
        ),
      };
    } finally {
      await own.drop();
    }
  }
});
