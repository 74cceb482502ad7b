import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What came in, from where, and what did not land. A batch is one read of one window (or file) of one stream; its slices point to the
 * raw rows. Money is in fen.
 */
export class IngestTables1704067220000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [BATCH, SLICE, QUARANTINE, FILE, BOOKMARK, CONFLICT, CODES, VIEWS]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP VIEW batch_current, unmapped_code, quarantine_open;
      DROP TABLE code_map, code_map_release, person_conflict, stream_bookmark, source_file, quarantine, batch_slice, raw_blob, batch;
      DROP FUNCTION open_period`);
  }
}

const stream = `stream text NOT NULL CHECK (stream IN ('persons', 'claims', 'lines', 'diagnoses', 'procedures'))`;
const fen = (name: string): string =>
  `${name} bigint CHECK (${name} BETWEEN -1000000000000000000 AND 1000000000000000000)`;

/** Codes of a coded table for which the member's table has nothing; ranked by the claims they stand on. */
function unmappedOf(kind: 'diagnosis' | 'procedure'): string {
  return `UNION ALL
    SELECT d.consortium, d.institution, '${kind}', d.institution_code, '', count(*), sum(c.total_fee_fen),
           min(d.settled_on), max(d.settled_on)
    FROM claim_${kind} d
    JOIN code_map_release r ON r.consortium = d.consortium AND r.institution = d.institution AND r.kind = '${kind}'
      AND r.digest <> 'national'
    JOIN claim c ON c.consortium = d.consortium AND c.settled_on = d.settled_on AND c.institution = d.institution
      AND c.claim_no = d.claim_no
    WHERE NOT EXISTS (SELECT 1 FROM code_map m WHERE m.consortium = d.consortium AND m.institution = d.institution
      AND m.kind = '${kind}' AND m.local_code = d.institution_code AND m.valid_from <= d.settled_on
      AND (m.valid_to IS NULL OR d.settled_on < m.valid_to))
    GROUP BY d.consortium, d.institution, d.institution_code`;
}

const BATCH = `
  CREATE TABLE batch (
    batch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    institution text NOT NULL,
    ${stream},
    unit text,                            -- file name; null for a database window
    window_from date NOT NULL,
    window_to date NOT NULL CHECK (window_to > window_from),
    state text NOT NULL CHECK (state IN ('reading', 'complete', 'incomplete', 'empty', 'rejected', 'duplicate')),
    resume_after text,                    -- cursor of the last committed slice while reading
    source_rows bigint,
    ${fen('source_fen')},
    landed_rows bigint NOT NULL DEFAULT 0,
    ${fen('landed_fen')} NOT NULL DEFAULT 0,
    quarantined_rows bigint NOT NULL DEFAULT 0,
    ${fen('quarantined_fen')} NOT NULL DEFAULT 0,
    new_rows bigint NOT NULL DEFAULT 0,
    changed_rows bigint NOT NULL DEFAULT 0,
    same_rows bigint NOT NULL DEFAULT 0,
    repeated_rows bigint NOT NULL DEFAULT 0, -- natural keys the source gave twice in one read
    digest text,
    content_digest text,                  -- of the values at the source when the read began, where it can tell
    mapping_digest text,                  -- of what gave them their meaning
    correction_id bigint,                 -- of the quarantine decision this batch carries out; null: a read of the source
    message text,
    remedy text,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    CHECK (state <> 'complete' OR (source_rows = landed_rows + quarantined_rows
      AND coalesce(source_fen, landed_fen + quarantined_fen) = landed_fen + quarantined_fen))
  );
  CREATE INDEX batch_window ON batch (consortium, institution, stream, window_from, window_to);
  CREATE INDEX batch_state ON batch (consortium, state);`;

const SLICE = `
  CREATE TABLE raw_blob (
    digest text PRIMARY KEY,              -- SHA-256 of the uncompressed rows
    rows integer NOT NULL,
    content bytea NOT NULL                -- Brotli: column names, then rows (src/claims/raw-content.ts)
  );
  ALTER TABLE raw_blob ALTER COLUMN content SET STORAGE EXTERNAL;
  CREATE TABLE batch_slice (
    batch_id bigint NOT NULL REFERENCES batch,
    slice integer NOT NULL,
    first_row integer NOT NULL,
    rows integer NOT NULL,
    blob_digest text NOT NULL REFERENCES raw_blob,
    digest text NOT NULL,                 -- of what landed and what was refused, in order
    PRIMARY KEY (batch_id, slice)
  );`;

const QUARANTINE = `
  CREATE TABLE quarantine (
    quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consortium text NOT NULL,
    institution text NOT NULL,
    ${stream},
    row_hash text NOT NULL,               -- of the raw cells: the same bad row again is the same entry
    batch_id bigint NOT NULL REFERENCES batch,
    raw_row integer NOT NULL,
    blob_digest text,
    stage text NOT NULL,
    rule text NOT NULL,
    field text,
    message text NOT NULL,
    remedy text NOT NULL,
    other_rules text[] NOT NULL DEFAULT '{}',
    ${fen('amount_fen')} NOT NULL,
    natural_key text,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'proposed', 'resolved', 'dismissed')),
    resolved_by_batch bigint,
    correction_id bigint,                 -- the decision whose corrected row stands in its place
    first_seen_at timestamptz NOT NULL,
    UNIQUE (consortium, institution, stream, row_hash)
  );
  CREATE INDEX quarantine_key ON quarantine (consortium, institution, stream, natural_key)
    WHERE state IN ('open', 'proposed') OR correction_id IS NOT NULL;
  CREATE INDEX quarantine_batch ON quarantine (batch_id);`;

const FILE = `
  CREATE TABLE source_file (
    consortium text NOT NULL,
    institution text NOT NULL,
    ${stream},
    digest text NOT NULL,
    name text NOT NULL,
    size bigint NOT NULL,
    modified_ms bigint NOT NULL,
    batch_id bigint NOT NULL REFERENCES batch, -- which first met it
    outcome text NOT NULL CHECK (outcome IN ('landed', 'empty', 'duplicate', 'rejected')),
    PRIMARY KEY (consortium, institution, stream, name, digest)
  );
  CREATE INDEX source_file_digest ON source_file (consortium, institution, stream, digest);`;

const BOOKMARK = `
  CREATE TABLE stream_bookmark (
    consortium text NOT NULL,
    institution text NOT NULL,
    ${stream},
    read_to date NOT NULL,                -- every window before this day has been read completely at least once
    batch_id bigint NOT NULL REFERENCES batch,
    PRIMARY KEY (consortium, institution, stream)
  );`;

const CONFLICT = `
  CREATE TABLE person_conflict (
    consortium text NOT NULL,
    institution text NOT NULL,
    person_id text NOT NULL,
    certificate_hash text NOT NULL,
    known_person_id text,                 -- who carries that certificate already
    known_certificate_hash text,          -- what that number carries already
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
    first_batch_id bigint NOT NULL REFERENCES batch,
    PRIMARY KEY (consortium, institution, person_id, certificate_hash)
  );`;

const CODES = `
  CREATE TABLE code_map (
    consortium text NOT NULL,
    institution text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('item', 'diagnosis', 'procedure')),
    local_code text NOT NULL,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from), -- half-open; null = until further notice
    national_code text NOT NULL,
    proposed_by text NOT NULL,
    approved_by text NOT NULL CHECK (approved_by <> proposed_by),
    origin text NOT NULL DEFAULT 'file' CHECK (origin IN ('file', 'crosswalk')), -- a table file, or approved here
    PRIMARY KEY (consortium, institution, kind, local_code, valid_from)
  );
  CREATE TABLE code_map_release (
    consortium text NOT NULL,
    institution text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('item', 'diagnosis', 'procedure')),
    digest text NOT NULL,                 -- of the table as loaded; 'national' = local codes are national
    PRIMARY KEY (consortium, institution, kind)
  );`;

const VIEWS = `
  CREATE VIEW batch_current AS           -- the last read of each window or file; a window read again within a wider one counts there
    SELECT * FROM (
      SELECT DISTINCT ON (consortium, institution, stream, coalesce(unit, window_from::text || '/' || window_to::text)) *
      FROM batch WHERE state NOT IN ('duplicate', 'reading') AND correction_id IS NULL
      ORDER BY consortium, institution, stream, coalesce(unit, window_from::text || '/' || window_to::text), batch_id DESC) one
    WHERE unit IS NOT NULL OR NOT EXISTS (
      SELECT FROM batch wider WHERE wider.consortium = one.consortium AND wider.institution = one.institution
        AND wider.stream = one.stream AND wider.unit IS NULL AND wider.correction_id IS NULL
        AND wider.state IN ('complete', 'empty') AND wider.batch_id > one.batch_id
        AND wider.window_from <= one.window_from AND wider.window_to >= one.window_to
        AND (wider.window_from, wider.window_to) <> (one.window_from, one.window_to));
  CREATE VIEW quarantine_open AS SELECT * FROM quarantine WHERE state = 'open';
  CREATE VIEW unmapped_code AS
    SELECT consortium, institution, 'item'::text AS kind, institution_item_code AS local_code, max(item_name) AS name,
           count(*) AS rows, sum(line_amount_fen) AS amount_fen, min(charged_on) AS first_on, max(charged_on) AS last_on
    FROM claim_line WHERE item_code IS NULL
    GROUP BY consortium, institution, institution_item_code
    ${unmappedOf('diagnosis')} ${unmappedOf('procedure')};
  CREATE FUNCTION open_period(of_consortium text, of_month text) RETURNS text LANGUAGE plpgsql STABLE AS $$
  DECLARE candidate text := of_month;
  BEGIN
    WHILE EXISTS (SELECT 1 FROM settlement_period p WHERE p.consortium = of_consortium AND p.month = candidate) LOOP
      candidate := to_char((candidate || '-01')::date + interval '1 month', 'YYYY-MM');
    END LOOP;
    RETURN candidate;
  END $$;`;
