import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who may sign in, who is signed in, how often signing in failed, and which requests were answered already. A session is known by the
 * hash of its token only; failures are counted by the hash of what was typed.
 */
export class AccessTables1704067201000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of [USER, SESSION, FAILURE, REQUEST]) await runner.query(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE answered_request, sign_in_failure, user_session, user_account');
  }
}

/** `institutions` null = all of the consortium. Roles that stand alone stand alone here too. */
const USER = `
  CREATE TABLE user_account (
    user_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL UNIQUE CHECK (username ~ '^[a-z][a-z0-9._-]{1,31}$'),
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    roles text[] NOT NULL CHECK (
      cardinality(roles) > 0 AND roles <@ ARRAY['auditor', 'compliance', 'finance', 'it', 'member', 'security']
      AND (cardinality(roles) = 1 OR NOT roles && ARRAY['auditor', 'member', 'security'])),
    institutions text[] CHECK (cardinality(institutions) > 0),
    must_change_password boolean NOT NULL,
    disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    password_changed_at timestamptz NOT NULL DEFAULT now(),
    CHECK (NOT roles && ARRAY['member'] OR institutions IS NOT NULL)
  );`;

const SESSION = `
  CREATE TABLE user_session (
    token_hash text PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES user_account,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    address text NOT NULL
  );
  CREATE INDEX user_session_user ON user_session (user_id);`;

const FAILURE = `
  CREATE TABLE sign_in_failure (
    account_hash text NOT NULL,           -- '*': any account
    address text NOT NULL,                -- '*': any address
    failures integer NOT NULL,
    last_at timestamptz NOT NULL DEFAULT now(),
    locked_until timestamptz NOT NULL,
    PRIMARY KEY (account_hash, address)
  );`;

const REQUEST = `
  CREATE TABLE answered_request (
    user_id bigint NOT NULL REFERENCES user_account,
    idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 200),
    request_hash text NOT NULL,           -- of method, path and body
    status integer,                       -- null while it is being carried out
    answer text,
    asked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, idempotency_key)
  );`;
