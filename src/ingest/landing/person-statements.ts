import type { Stream } from '../fields.js';
import { stagingTable } from './staging.js';

/**
 * Identity across members: the insured-person number; where a source lacks it, the keyed hash of the certificate number; where the two
 * disagree, nobody guesses. Parameters: $1 consortium, $2 institution, $3 batch.
 */

/** Gives numberless rows the number that is known for their certificate, else an identity made of its hash. */
export const RESOLVE_NUMBER = `
  UPDATE staging_claims s SET person_id = coalesce(
    (SELECT p.person_id FROM person p WHERE p.consortium = $1 AND p.certificate_hash = s.certificate_hash
     ORDER BY p.person_id LIMIT 1),
    'cert:' || left(s.certificate_hash, 32))
  WHERE s.person_id IS NULL`;

/** People first met on a claim. Whoever's certificate already belongs to another number is not one of them. */
export const REGISTER_FROM_CLAIMS = `
  INSERT INTO person (consortium, person_id, certificate_hash, sex, birth_date, first_batch_id)
  SELECT DISTINCT ON (s.person_id) $1, s.person_id, s.certificate_hash, s.sex, s.birth_date, $3::bigint
  FROM staging_claims s
  WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.consortium = $1 AND p.person_id = s.person_id)
    AND NOT EXISTS (SELECT 1 FROM person p WHERE p.consortium = $1 AND p.certificate_hash = s.certificate_hash
                    AND s.certificate_hash IS NOT NULL)
  ORDER BY s.person_id, s.certificate_hash NULLS LAST, s.raw_row
  ON CONFLICT DO NOTHING`;

/** Notes the conflicts, takes their rows out of staging and returns them. */
export function refuseConflicts(stream: Extract<Stream, 'persons' | 'claims'>): string {
  const table = stagingTable(stream);
  const [key, amount] = stream === 'persons' ? ['person_id', '0'] : ['claim_no', 's.total_fee_fen'];
  return `
    WITH staged AS (
      SELECT raw_row, person_id, certificate_hash,
             first_value(certificate_hash) OVER (PARTITION BY person_id ORDER BY raw_row) AS first_hash,
             first_value(person_id) OVER (PARTITION BY certificate_hash ORDER BY raw_row) AS first_person
      FROM ${table} WHERE certificate_hash IS NOT NULL
    ), compared AS (
      SELECT s.raw_row, s.person_id, s.certificate_hash,
             coalesce(other.person_id, nullif(s.first_person, s.person_id)) AS known_person_id,
             coalesce(own.certificate_hash, s.first_hash) AS known_certificate_hash
      FROM staged s
      LEFT JOIN person own ON own.consortium = $1 AND own.person_id = s.person_id
      LEFT JOIN person other ON other.consortium = $1 AND other.certificate_hash = s.certificate_hash
        AND other.person_id <> s.person_id AND other.person_id NOT LIKE 'cert:%'
    ), conflict AS (
      SELECT * FROM compared WHERE known_certificate_hash <> certificate_hash OR known_person_id IS NOT NULL
    ), noted AS (
      INSERT INTO person_conflict (consortium, institution, person_id, certificate_hash, known_person_id,
                                   known_certificate_hash, first_batch_id)
      SELECT DISTINCT ON (person_id, certificate_hash) $1, $2, person_id, certificate_hash, known_person_id,
             known_certificate_hash, $3::bigint
      FROM conflict ORDER BY person_id, certificate_hash, known_person_id
      ON CONFLICT DO NOTHING
    )
    DELETE FROM ${table} s USING (SELECT DISTINCT raw_row FROM conflict) c WHERE s.raw_row = c.raw_row
    RETURNING s.raw_row, ${amount} AS fen, s.${key} AS natural_key`;
}
