import { join } from 'node:path';
import { DispatchService } from '../src/agency/dispatch.service.js';
import { envelopeOf } from '../src/agency/envelope.js';
import { chinaTime, formatMessageId } from '../src/agency/message-id.js';
import { loadAgencySettings } from '../src/agency/settings.loader.js';
import { sendList } from '../src/agency/transactions/4101a.js';
import { loadLimits } from '../src/config/limits.loader.js';
import type { Site } from '../src/config/site.js';
import { createPool } from '../src/database/pool.client.js';
import { withTransaction } from '../src/database/transaction.repository.js';
import { JournalService } from '../src/journal/journal.service.js';
import { digest } from '../src/kernel/hash.js';
import { enqueueLists, listContentOf } from '../src/lists/list-messages.repository.js';
import { Agency, HOSPITAL, type ListOf, OF, settlementLists, siteAt } from './data/lists.js';
import { type Bench, type Outcome, type RoundContext, ratio } from './harness/bench.js';
import { dropDatabase, migrated } from './harness/database.js';
import { rival, rivalMissing } from './harness/rival.js';

/**
 * B12: settlement lists to the stand-in agency. Ours: what waits in the outbox is claimed, written down as sent, sent, its outcome, what
 * follows from it and the journal written down. The rival: undici alone posts the same inputs, made beforehand, over as many connections.
 */

const LISTS = 3_000;
const QUICK_LISTS = 150;
const PAGE = 500;

interface Scene {
  readonly lists: readonly ListOf[];
  readonly agency: Agency;
  readonly site: Site;
}

/** The same lists before an agency of its own; what it took is what came out. */
async function before(
  context: RoundContext,
  work: (scene: Scene) => Promise<void>,
): Promise<Outcome> {
  const lists = settlementLists(context.quick ? QUICK_LISTS : LISTS);
  const folder = join(context.folder, `agency-${process.pid}`);
  const agency = await Agency.start(folder, lists);
  try {
    await work({ lists, agency, site: siteAt(agency.url, folder) });
    const taken = agency.taken();
    return { units: lists.length, result: `${taken.length} ${digest(taken)}` };
  } finally {
    await agency.stop();
  }
}

async function throughOutbox(context: RoundContext, { lists, site }: Scene): Promise<void> {
  const name = `push_${process.pid}`;
  const pool = createPool(await migrated(context.url, name), 6);
  try {
    for (let at = 0; at < lists.length; at += PAGE) {
      const page = lists.slice(at, at + PAGE);
      await withTransaction(pool, (client) => enqueueLists(client, { ...OF, again: false }, page));
    }
    await pool.query('ANALYZE');
    const journal = new JournalService(pool);
    const dispatcher = new DispatchService(pool, site, { now: () => new Date() }, journal);
    const { consortium } = OF;
    const done = await context.measure(() =>
      dispatcher.dispatch({ consortium }, new AbortController().signal),
    );
    const { rows } = await pool.query<{ taken: number }>(
      `SELECT count(*)::int AS taken FROM settlement_list l JOIN outbox_message m USING (outbox_id)
       WHERE l.status = 'taken' AND m.state = 'ACCEPTED' AND m.attempts = 1`,
    );
    const { fault } = await journal.verify({ consortium });
    if (done.open > 0 || rows[0]?.taken !== lists.length || fault !== null)
      throw new Error(`not all lists arrived: ${JSON.stringify({ done, rows, fault })}`);
  } finally {
    await pool.end();
    await dropDatabase(context.url, name);
  }
}

/** Contents as they come out of the outbox, for the database has an order of its own for the keys of an object. */
async function asStored(url: string, lists: readonly ListOf[]): Promise<readonly unknown[]> {
  const pool = createPool(url, 1);
  try {
    const contents = lists.map((list) => listContentOf(OF, list));
    const { rows } = await pool.query<{ content: unknown }>(
      'SELECT content FROM jsonb_array_elements($1::jsonb) AS content',
      [JSON.stringify(contents)],
    );
    return rows.map(({ content }) => content);
  } finally {
    await pool.end();
  }
}

/** As much of undici as is used here. */
interface Undici {
  readonly Pool: new (
    url: string,
    options: { readonly connections: number; readonly pipelining: number },
  ) => {
    request(options: {
      readonly method: 'POST';
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }): Promise<{ readonly body: { json(): Promise<unknown> } }>;
    close(): Promise<void>;
  };
}

async function bare(context: RoundContext, { lists, site, agency }: Scene): Promise<void> {
  const { Pool } = await rival<Undici>('undici');
  const { messagesAtOnce: connections } = loadLimits(site.configDir).agency;
  const settings = loadAgencySettings(site);
  const at = new Date();
  let number = 0;
  const envelope = (transactionCode: string, signInNo: string, input: never) => {
    number += 1;
    const second = chinaTime(at).replace(/\D/g, '');
    const messageId = formatMessageId(HOSPITAL, second, number);
    const request = { transactionCode, institution: HOSPITAL, messageId, signInNo, at, input };
    return JSON.stringify(envelopeOf(request, settings));
  };
  const pool = new Pool(agency.url, { connections, pipelining: 1 });
  const post = async (body: string) => {
    const headers = { 'content-type': 'application/json;charset=UTF-8' };
    const sent = await pool.request({ method: 'POST', path: settings.profile.path, headers, body });
    return (await sent.body.json()) as Answer;
  };
  const signedIn = await post(envelope('9001', '', { signIn: { opter_no: 'heyi' } } as never));
  const signInNo = signedIn.output?.signinoutb?.sign_no ?? '';
  const contents = await asStored(context.url, lists);
  const bodies = contents.map((content) =>
    envelope('4101A', signInNo, sendList.input(content, settings) as never),
  );
  let next = 0;
  const lane = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const { infcode } = await post(body);
      if (infcode !== 0) throw new Error('refused');
    }
  };
  await context.measure(() => Promise.all(Array.from({ length: connections }, lane)));
  await pool.close();
}

interface Answer {
  readonly infcode: number;
  readonly output?: { readonly signinoutb?: { readonly sign_no: string } };
}

export const bench: Bench = {
  code: 'B12',
  title: 'push',
  unit: 'lists',
  missing: () => rivalMissing('undici'),
  async prepare() {},
  variants: {
    outbox: {
      title: 'settlement lists out of the outbox',
      run: (context) => before(context, (scene) => throughOutbox(context, scene)),
    },
    bare: {
      title: 'undici alone, the same bytes',
      run: (context) => before(context, (scene) => bare(context, scene)),
    },
  },
  figures: (results) => [
    ratio(results, {
      label: 'outbox ÷ bare undici',
      ours: 'outbox',
      rival: 'bare',
      hold: { atLeast: 0.5 },
    }),
  ],
};
