import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The way of a large first read (docs/decisions/0140): its lines go by COPY into a table of their own that has no index and that no
 * reader sees; at the end it gets its key and becomes the member's partition of the month. These functions are the whole life of such
 * a table, so that whoever needs the lines in their place (a merge, a backup) can ask for it in SQL.
 */
export class FreshPartitions1704067223000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [REGISTER, CODES, CREATE, SETTLE_REPEATS, ADOPT, ADOPT_ALL]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SELECT adopt_fresh_partitions(NULL, NULL);
      DROP FUNCTION adopt_fresh_partitions, adopt_fresh_partition, settle_fresh_repeats, create_fresh_partition, item_codes_digest;
      DROP TABLE fresh_partition`);
  }
}

/** Tables that are being filled, or were left behind by a read that was cut off. */
const REGISTER = `
  CREATE TABLE fresh_partition (
    table_name text PRIMARY KEY,
    consortium text NOT NULL,
    institution text NOT NULL,
    month text NOT NULL,
    batch_id bigint NOT NULL REFERENCES batch,
    codes_digest text NOT NULL,           -- of the item codes its rows were given
    landed_rows bigint NOT NULL DEFAULT 0,
    landed_fen bigint NOT NULL DEFAULT 0
  );
  CREATE INDEX fresh_partition_member ON fresh_partition (consortium, institution);`;

const CODES = `
  CREATE FUNCTION item_codes_digest(of_consortium text, of_institution text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT md5(coalesce((SELECT digest FROM code_map_release r WHERE r.consortium = of_consortium
        AND r.institution = of_institution AND r.kind = 'item'), '')
      || coalesce(string_agg(concat_ws(' ', local_code, valid_from, valid_to, national_code), ',' ORDER BY local_code, valid_from), ''))
    FROM code_map m WHERE m.consortium = of_consortium AND m.institution = of_institution AND m.kind = 'item'
  $$`;

/**
 * Makes the table when the member's month is untouched: no line of it has landed or was withdrawn, and no month from it on is closed.
 * While it is filled nobody plans a query on it, so it is not analysed again and again; once in its place it is.
 * Null: the merge is the way. The caller holds the stream's lock and has made the month's partitions.
 */
const CREATE = `
  CREATE FUNCTION create_fresh_partition(of_consortium text, of_institution text, of_month text, of_batch bigint)
  RETURNS text LANGUAGE plpgsql AS $$
  DECLARE
    first date := (of_month || '-01')::date;
    beyond date := first + interval '1 month';
    name text := 'claim_line_' || replace(of_month, '-', '_') || '_' || left(md5(of_institution), 10);
  BEGIN
    IF to_regclass(name) IS NOT NULL
      OR EXISTS (SELECT 1 FROM claim_line l WHERE l.consortium = of_consortium AND l.settled_on >= first
        AND l.settled_on < beyond AND l.institution = of_institution)
      OR EXISTS (SELECT 1 FROM withdrawn_row w WHERE w.consortium = of_consortium AND w.institution = of_institution
        AND w.stream = 'lines')
      OR EXISTS (SELECT 1 FROM settlement_period p WHERE p.consortium = of_consortium AND p.month >= of_month) THEN
      RETURN NULL;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE claim_line INCLUDING CONSTRAINTS INCLUDING DEFAULTS,
      CONSTRAINT fresh CHECK (institution = %L AND settled_on >= %L AND settled_on < %L)) WITH (autovacuum_enabled = false)',
      name, of_institution, first, beyond);
    EXECUTE format('ALTER TABLE %I ALTER consortium SET DEFAULT %L, ALTER institution SET DEFAULT %L, ALTER batch_id SET DEFAULT %L',
      name, of_consortium, of_institution, of_batch);
    INSERT INTO fresh_partition VALUES (name, of_consortium, of_institution, of_month, of_batch,
      item_codes_digest(of_consortium, of_institution));
    RETURN name;
  END $$`;

/**
 * A key that several slices brought: what merging them one after another would have left. A version with the content of the one before
 * it changes nothing; any other replaces it. Returns how many did which.
 */
const SETTLE_REPEATS = `
  CREATE FUNCTION settle_fresh_repeats(fresh text, OUT changed bigint, OUT same bigint) LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format('CREATE TEMP TABLE fresh_version ON COMMIT DROP AS
      SELECT place, is_first, is_change,
        coalesce(bool_or(is_change) OVER (PARTITION BY settled_on, claim_no, line_no ORDER BY raw_row
          ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), false) AS is_replaced
      FROM (SELECT ctid AS place, settled_on, claim_no, line_no, raw_row,
              row_number() OVER version = 1 AS is_first,
              coalesce(content_hash <> lag(content_hash) OVER version, false) AS is_change,
              count(*) OVER (PARTITION BY settled_on, claim_no, line_no) AS versions
            FROM %I WINDOW version AS (PARTITION BY settled_on, claim_no, line_no ORDER BY raw_row)) numbered
      WHERE versions > 1', fresh);
    SELECT count(*) FILTER (WHERE is_change), count(*) FILTER (WHERE NOT is_first AND NOT is_change)
      INTO changed, same FROM fresh_version;
    EXECUTE format('DELETE FROM %I f USING fresh_version v
      WHERE f.ctid = v.place AND (v.is_replaced OR NOT v.is_first AND NOT v.is_change)', fresh);
    DROP TABLE fresh_version;
  END $$`;

/**
 * Builds the key and puts the table in its place, once it is seen to hold what was landed into it. Rows whose local code was given a
 * national one meanwhile get it, as rows in their place did; a row that another way brought into the month meanwhile joins them. Returns
 * what repeated keys took from the batch's new rows.
 */
const ADOPT = `
  CREATE FUNCTION adopt_fresh_partition(fresh text, OUT changed bigint, OUT same bigint) LANGUAGE plpgsql AS $$
  DECLARE
    entry fresh_partition;
    month_table text;
    keyed text := 'ALTER TABLE %I ADD PRIMARY KEY (settled_on, claim_no, line_no, institution, consortium)';
    held record;
  BEGIN
    changed := 0; same := 0;
    DELETE FROM fresh_partition WHERE table_name = fresh RETURNING * INTO entry;
    IF NOT FOUND THEN RETURN; END IF;
    month_table := 'claim_line_' || replace(entry.month, '-', '_');
    EXECUTE format('SELECT count(*) AS n, coalesce(sum(line_amount_fen), 0) AS fen FROM %I', fresh) INTO held;
    IF (held.n, held.fen) IS DISTINCT FROM (entry.landed_rows, entry.landed_fen::numeric) THEN
      RAISE EXCEPTION 'fresh partition % holds % rows, % fen; % rows, % fen were landed', fresh, held.n, held.fen,
        entry.landed_rows, entry.landed_fen;
    END IF;
    IF entry.codes_digest <> item_codes_digest(entry.consortium, entry.institution) THEN
      EXECUTE format('UPDATE %I l SET item_code = m.national_code FROM code_map m WHERE m.consortium = l.consortium
        AND m.institution = l.institution AND m.kind = ''item'' AND m.local_code = l.institution_item_code
        AND m.valid_from <= l.charged_on AND (m.valid_to IS NULL OR l.charged_on < m.valid_to) AND l.item_code IS NULL', fresh);
    END IF;
    EXECUTE format('WITH met AS (DELETE FROM %I WHERE institution = %L RETURNING *) INSERT INTO %I SELECT * FROM met',
      month_table || '_rest', entry.institution, fresh);
    BEGIN
      EXECUTE format(keyed, fresh);
    EXCEPTION WHEN unique_violation THEN
      SELECT r.changed, r.same INTO changed, same FROM settle_fresh_repeats(fresh) r;
      EXECUTE format(keyed, fresh);
      UPDATE batch b SET new_rows = new_rows - adopt_fresh_partition.changed - adopt_fresh_partition.same,
        changed_rows = changed_rows + adopt_fresh_partition.changed, same_rows = same_rows + adopt_fresh_partition.same
        WHERE b.batch_id = entry.batch_id;
    END;
    EXECUTE format('ALTER TABLE %I ALTER consortium DROP DEFAULT, ALTER institution DROP DEFAULT, ALTER batch_id DROP DEFAULT,
      RESET (autovacuum_enabled)', fresh);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%L)', month_table, fresh, entry.institution);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT fresh', fresh);
  END $$`;

/** Every such table of a member that no read is filling at this moment; nulls: of all members. Returns how many. */
const ADOPT_ALL = `
  CREATE FUNCTION adopt_fresh_partitions(of_consortium text, of_institution text) RETURNS integer LANGUAGE plpgsql AS $$
  DECLARE
    entry fresh_partition;
    adopted integer := 0;
  BEGIN
    FOR entry IN SELECT * FROM fresh_partition f WHERE (of_consortium IS NULL OR f.consortium = of_consortium)
        AND (of_institution IS NULL OR f.institution = of_institution) LOOP
      CONTINUE WHEN NOT pg_try_advisory_xact_lock(hashtextextended(
        'ingest:' || entry.consortium || ':' || entry.institution || ':lines', 1));
      PERFORM adopt_fresh_partition(entry.table_name);
      adopted := adopted + 1;
    END LOOP;
    RETURN adopted;
  END $$`;
