import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { AlreadyRunningError } from '../../src/database/errors.js';
import { launch, type RunningPostgres } from '../../src/database/postgres.launcher.js';
import { readPointer, writePointer } from '../../src/database/postgres-pointer.launcher.js';
import { identify, isAlive } from '../../src/database/process-identity.launcher.js';

let folder: string; // shared by the tests, so that binaries which must be copied are copied once
let name = 0;
let server: RunningPostgres | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heyi-launcher-'));
});

beforeEach(() => {
  name += 1;
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pointerPath = () => join(folder, `${name}.json`);
const dataDirectory = () => join(folder, `data-${name}`);
const start = async () => {
  server = await launch({
    pointerPath: pointerPath(),
    dataDirectory: dataDirectory(),
    settings: ['fsync=off'],
  });
  return server;
};
const stop = async () => {
  await server?.stop();
  server = undefined;
};
const postgresPid = () => readPointer(pointerPath())?.running?.postgresPid ?? 0;

async function query(sql: string, url = server?.url): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Makes the pointer say that a process which no longer lives owns the server. */
async function forgetOwner(): Promise<void> {
  const pointer = readPointer(pointerPath());
  const child = spawn(process.execPath, ['-e', '']);
  const owner = identify(child.pid ?? 0);
  await new Promise((resolve) => child.once('exit', resolve));
  if (pointer?.running)
    writePointer(pointerPath(), { ...pointer, running: { ...pointer.running, owner } });
}

describe('the embedded server', () => {
  it('keeps data and password between runs, and leaves no process when stopped', async () => {
    await start();
    await query('CREATE TABLE kept (value int); INSERT INTO kept VALUES (1)');
    const pid = postgresPid();
    await stop();
    expect(isAlive(identify(pid))).toBe(false);
    expect(readPointer(pointerPath())?.running).toBeNull();
    await start();
    expect((await query('SELECT value FROM kept')).rows).toEqual([{ value: 1 }]);
  });

  it('starts again after kill -9 of the server', async () => {
    await start();
    await query('CREATE TABLE kept (value int); INSERT INTO kept VALUES (1)');
    process.kill(postgresPid(), 'SIGKILL');
    await pause(50);
    await start();
    expect((await query('SELECT value FROM kept')).rows).toEqual([{ value: 1 }]);
  });

  it('stops what a killed owner left running, and starts its own', async () => {
    await start();
    const left = identify(postgresPid());
    await forgetOwner();
    const next = await start();
    expect(isAlive(left)).toBe(false);
    expect((await query('SELECT 1 AS one', next.url)).rows).toEqual([{ one: 1 }]);
  });

  it('refuses a second owner while the first lives', async () => {
    await start();
    const pointer = readPointer(pointerPath());
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30000)']);
    try {
      if (pointer?.running) {
        const owner = identify(other.pid ?? 0);
        writePointer(pointerPath(), { ...pointer, running: { ...pointer.running, owner } });
      }
      const second = launch({ pointerPath: pointerPath(), dataDirectory: dataDirectory() });
      await expect(second).rejects.toThrow(AlreadyRunningError);
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('gives the data a new password when the pointer was lost', async () => {
    await start();
    await query('CREATE TABLE kept (value int)');
    await stop();
    rmSync(pointerPath());
    await start();
    expect((await query('SELECT * FROM kept')).rows).toEqual([]);
  });

  it('keeps its pointer, which holds the password, to its own account', async () => {
    await start();
    expect(statSync(pointerPath()).mode & 0o777).toBe(0o600);
    await expect(query('SELECT 1', server?.url.replace(/:[0-9a-f]+@/, ':wrong@'))).rejects.toThrow(
      /password/,
    );
  });
});
