import type { Stream } from '../fields.js';
import { FAULTS } from '../mapping/faults.js';
import { stagingTable } from './staging.js';

/**
 * Identity across members: the insured-person number; where a source lacks it, the keyed hash of the certificate number; where members
 * disagree, the one that stands first in the consortium's list is believed, whoever was read first (docs/decisions/0105). What each
 * member says is kept, and who is who is computed from all of it. Parameters: $1 consortium, $2 institution, $3 batch, $6 place of
 * the member.
 */

type PersonStream = Extract<Stream, 'persons' | 'claims'>;

/** Gives numberless rows the number that is known for their certificate, else an identity made of its hash. */
export const RESOLVE_NUMBER = `
  UPDATE staging_claims s SET person_id = coalesce(
    (SELECT p.person_id FROM person p WHERE p.consortium = $1 AND p.certificate_hash = s.certificate_hash
     ORDER BY p.person_id LIKE 'cert:%', p.person_id LIMIT 1),
    'cert:' || left(s.certificate_hash, 32))
  WHERE s.person_id IS NULL`;

/** What a register no longer says of its people is forgotten. */
export const FORGET_FORMER = `
  DELETE FROM person_assertion a USING staging_persons s
  WHERE a.consortium = $1 AND a.institution = $2 AND a.person_id = s.person_id AND NOT EXISTS (
    SELECT FROM staging_persons o WHERE o.person_id = a.person_id AND coalesce(o.certificate_hash, '') = a.certificate_hash)`;

/** Claims only add what their institution has not said yet. */
export function assertPersons(stream: PersonStream): string {
  const said = `SELECT DISTINCT ON (s.person_id, coalesce(s.certificate_hash, '')) s.person_id,
      coalesce(s.certificate_hash, '') AS certificate_hash, s.sex, s.birth_date, s.raw_row
    FROM ${stagingTable(stream)} s
    ORDER BY s.person_id, coalesce(s.certificate_hash, ''), s.sex = 'unknown', s.sex, s.birth_date NULLS LAST, s.raw_row`;
  const key = '(consortium, person_id, institution, certificate_hash)';
  const insert = `INSERT INTO person_assertion AS a (consortium, person_id, institution, certificate_hash, standing, sex, birth_date,
      batch_id, raw_row)`;
  if (stream === 'claims') {
    return `${insert}
      SELECT $1, n.person_id, $2, n.certificate_hash, $6::int, n.sex, n.birth_date, $3::bigint, NULL FROM (${said}) n
      WHERE n.certificate_hash <> '' AND NOT EXISTS (SELECT FROM person_assertion k WHERE k.consortium = $1
          AND k.person_id = n.person_id AND k.institution = $2 AND k.certificate_hash = n.certificate_hash)
        OR n.certificate_hash = '' AND NOT EXISTS (SELECT FROM person_assertion k WHERE k.consortium = $1
          AND k.person_id = n.person_id AND k.institution = $2)
      ON CONFLICT ${key} DO NOTHING`;
  }
  return `${insert}
    SELECT $1, n.person_id, $2, n.certificate_hash, $6::int, n.sex, n.birth_date, $3::bigint, n.raw_row FROM (${said}) n
    ON CONFLICT ${key} DO UPDATE SET standing = excluded.standing, sex = excluded.sex, birth_date = excluded.birth_date,
      batch_id = excluded.batch_id, raw_row = excluded.raw_row
    WHERE (a.standing, a.sex, a.birth_date) IS DISTINCT FROM (excluded.standing, excluded.sex, excluded.birth_date)
      OR a.raw_row IS NULL`;
}

export const CREATE_CONCERNED = `CREATE TEMP TABLE IF NOT EXISTS staging_concerned (person_id text PRIMARY KEY) ON COMMIT DELETE ROWS`;
export const CLEAR_CONCERNED = 'DELETE FROM staging_concerned';

/** Everybody whose identity what is staged may touch. Before anything is taken out of staging. */
export function noteConcerned(stream: PersonStream): string {
  return `INSERT INTO staging_concerned
    SELECT s.person_id FROM ${stagingTable(stream)} s
    UNION SELECT a.person_id FROM person_assertion a JOIN ${stagingTable(stream)} s ON s.certificate_hash = a.certificate_hash
      WHERE a.consortium = $1 AND a.certificate_hash <> ''
    UNION SELECT o.person_id FROM person_assertion a JOIN ${stagingTable(stream)} s USING (person_id)
      JOIN person_assertion o ON o.consortium = $1 AND o.certificate_hash = a.certificate_hash AND o.certificate_hash <> ''
      WHERE a.consortium = $1 AND a.institution = $2`;
}

/** Whose a certificate is: of those who carry it, the one that the first member names. */
const ownerOf = (hash: string): string => `(
  SELECT o.person_id FROM person_assertion o WHERE o.consortium = $1 AND o.certificate_hash = ${hash} AND o.certificate_hash <> ''
    AND o.person_id NOT LIKE 'cert:%' ORDER BY o.standing, o.person_id COLLATE "C" LIMIT 1)`;

/** The certificate that the first member names for a person. */
const certificateOf = (person: string): string => `(
  SELECT o.certificate_hash FROM person_assertion o WHERE o.consortium = $1 AND o.person_id = ${person} AND o.certificate_hash <> ''
  ORDER BY o.standing, o.certificate_hash COLLATE "C" LIMIT 1)`;

/** Notes the conflicts, takes their rows out of staging and returns them. */
export function refuseConflicts(stream: PersonStream): string {
  const table = stagingTable(stream);
  const [key, amount] = stream === 'persons' ? ['person_id', '0'] : ['claim_no', 's.total_fee_fen'];
  return `
    WITH said AS (
      SELECT DISTINCT person_id, certificate_hash FROM ${table} WHERE certificate_hash IS NOT NULL AND person_id NOT LIKE 'cert:%'
    ), compared AS (
      SELECT person_id, certificate_hash, ${ownerOf('said.certificate_hash')} AS known_person_id,
             ${certificateOf('said.person_id')} AS known_certificate_hash FROM said
    ), conflict AS (
      SELECT * FROM compared WHERE known_person_id <> person_id OR known_certificate_hash <> certificate_hash
    ), noted AS (
      INSERT INTO person_conflict (consortium, institution, person_id, certificate_hash, known_person_id,
                                   known_certificate_hash, first_batch_id)
      SELECT $1, $2, person_id, certificate_hash, nullif(known_person_id, person_id), known_certificate_hash, $3::bigint FROM conflict
      ON CONFLICT DO NOTHING
    )
    DELETE FROM ${table} s USING conflict c WHERE s.person_id = c.person_id AND s.certificate_hash = c.certificate_hash
    RETURNING s.raw_row, ${amount} AS fen, s.${key} AS natural_key`;
}

/** Everybody concerned, as all members together say; the same whatever order they were read in. */
export const REBUILD_PERSONS = `
  INSERT INTO person AS p (consortium, person_id, certificate_hash, sex, birth_date, first_batch_id)
  SELECT $1, c.person_id,
    CASE WHEN c.person_id LIKE 'cert:%' THEN ${certificateOf('c.person_id')}
         WHEN ${ownerOf(certificateOf('c.person_id'))} = c.person_id THEN ${certificateOf('c.person_id')} END,
    coalesce((SELECT o.sex FROM person_assertion o WHERE o.consortium = $1 AND o.person_id = c.person_id AND o.sex <> 'unknown'
              ORDER BY o.standing, o.sex LIMIT 1), 'unknown'),
    (SELECT o.birth_date FROM person_assertion o WHERE o.consortium = $1 AND o.person_id = c.person_id AND o.birth_date IS NOT NULL
     ORDER BY o.standing, o.birth_date LIMIT 1), $3::bigint
  FROM staging_concerned c
  ON CONFLICT (consortium, person_id) DO UPDATE
    SET certificate_hash = excluded.certificate_hash, sex = excluded.sex, birth_date = excluded.birth_date
    WHERE (p.certificate_hash, p.sex, p.birth_date) IS DISTINCT FROM (excluded.certificate_hash, excluded.sex, excluded.birth_date)`;

const [STAGE, MESSAGE, REMEDY] = FAULTS['person-conflict'];

/**
 * What another member's register said before is judged again: what now turns out not to stand is set aside as if it had been read
 * later, and what was set aside because of a member that is now itself overturned is set aside no longer.
 */
export const SET_ASIDE_OVERTURNED = `
  WITH judged AS (
    SELECT a.*, ${ownerOf('a.certificate_hash')} AS owner, ${certificateOf('a.person_id')} AS certificate
    FROM person_assertion a JOIN staging_concerned c USING (person_id)
    WHERE a.consortium = $1 AND a.certificate_hash <> '' AND a.raw_row IS NOT NULL AND a.person_id NOT LIKE 'cert:%'
      AND (a.institution <> $2 OR a.batch_id <> $3::bigint)
  ), overturned AS (
    SELECT * FROM judged WHERE owner <> person_id OR certificate <> certificate_hash
  ), standing AS (
    SELECT j.* FROM judged j WHERE NOT EXISTS (
      SELECT FROM overturned o WHERE o.institution = j.institution AND o.person_id = j.person_id)
  ), noted AS (
    INSERT INTO person_conflict (consortium, institution, person_id, certificate_hash, known_person_id, known_certificate_hash,
                                 first_batch_id)
    SELECT consortium, institution, person_id, certificate_hash, nullif(owner, person_id), certificate, batch_id FROM overturned
    ON CONFLICT DO NOTHING
  ), unnoted AS (
    DELETE FROM person_conflict p USING standing j
    WHERE p.consortium = $1 AND p.institution = j.institution AND p.person_id = j.person_id AND p.certificate_hash = j.certificate_hash
  ), settled AS (
    UPDATE quarantine q SET state = 'resolved', resolved_by_batch = $3::bigint FROM standing j
    WHERE q.consortium = $1 AND q.institution = j.institution AND q.stream = 'persons' AND q.rule = 'person-conflict'
      AND q.natural_key = j.person_id AND q.state = 'open'
  )
  INSERT INTO quarantine (consortium, institution, stream, row_hash, batch_id, raw_row, blob_digest, stage, rule, message, remedy,
    amount_fen, natural_key, first_seen_at)
  SELECT o.consortium, o.institution, 'persons', 'said:' || md5(concat_ws(' ', o.person_id, o.certificate_hash)), o.batch_id, o.raw_row,
    (SELECT s.blob_digest FROM batch_slice s WHERE s.batch_id = o.batch_id AND s.first_row <= o.raw_row
       AND o.raw_row < s.first_row + s.rows), '${STAGE}', 'person-conflict', '${MESSAGE}', '${REMEDY}', 0, o.person_id, now()
  FROM overturned o
  WHERE NOT EXISTS (SELECT FROM quarantine q WHERE q.consortium = $1 AND q.institution = o.institution AND q.stream = 'persons'
    AND q.natural_key = o.person_id AND q.rule = 'person-conflict' AND q.state IN ('open', 'proposed'))
  ON CONFLICT (consortium, institution, stream, row_hash) DO UPDATE SET state = 'open', resolved_by_batch = NULL
    WHERE quarantine.state = 'resolved' AND quarantine.correction_id IS NULL`;
