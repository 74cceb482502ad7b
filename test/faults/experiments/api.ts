import { setTimeout as pause } from 'node:timers/promises';
import { BOTH, type Experiment } from '../experiment.js';
import { Browser } from '../lab/browser.js';
import { type Claim, LEAD } from '../lab/county.js';
import { MONTH } from '../lab/furnishings.js';
import { judge, truthOf, wholeCounty } from '../lab/judgement.js';
import { type Scene } from '../lab/scene.js';
import { BY_HAND } from '../lab/site-files.js';
import { addClaims, removeClaims } from '../lab/sources.js';

const VISITORS = 50;
const LOCKED_SECONDS = 8;
const SHED_SECONDS = 5;

async function apiUrl(scene: Scene): Promise<string> {
  const { url } = await scene.spawn('api').ready();
  if (url === null) throw new Error('the API did not say where it listens');
  return url;
}

/** Experiment 7: fifty people ask while a table is locked, with a handful of connections between them. */
export const poolExhausted: Experiment = {
  number: 7,
  title: '连接池耗尽',
  fault: `表被独占锁住，${VISITORS} 个请求同时到来，接口只有几条连接`,
  expected: '5 秒内以 503 拒绝，没有挂起；锁放开后立即恢复',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: 5,
  furnish: async () => ({ site: { limits: { 'api.statementTimeoutMs': '2500' } } }),
  async run(scene) {
    const url = await apiUrl(scene);
    const browser = await Browser.signedIn(scene, { url, role: 'it' });
    const before = await browser.get('/batches');
    scene.expect(before.status === 200, `before the fault: ${before.status}`);
    const holder = await scene.pool.connect();
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE batch IN ACCESS EXCLUSIVE MODE');
    const locked = pause(LOCKED_SECONDS * 1000);
    const answers = await Promise.all(
      Array.from({ length: VISITORS }, () => browser.get('/batches')),
    );
    const late = answers.filter(({ seconds }) => seconds > SHED_SECONDS);
    const slowest = Math.max(...answers.map(({ seconds }) => seconds));
    scene.note = `最慢 ${slowest.toFixed(1)} 秒`;
    scene.expect(
      late.length === 0,
      `${late.length} requests hung, the slowest ${slowest.toFixed(1)} s`,
    );
    const other = answers.filter(({ status }) => status !== 503 && status !== 429);
    scene.expect(
      other.length === 0,
      `answers other than 503: ${other.map(({ status }) => status).join()}`,
    );
    await locked;
    await holder.query('ROLLBACK');
    holder.release();
    const opened = performance.now();
    await scene.until(
      'the API answers again',
      15,
      async () => (await browser.get('/batches')).status === 200,
    );
    scene.recoveredSince(opened);
    return judge(scene, { ...wholeCounty(scene.county), claims: [] });
  },
};

/** Experiment 23: one key, two contents; at the API, and towards the agency. */
export const sameKeyOtherContent: Experiment = {
  number: 23,
  title: '同一幂等键、不同内容',
  fault: '接口：同一 Idempotency-Key 换一个请求；经办：结果未知的报文，其后申报内容变化',
  expected: '拒绝并留痕；同一报文号始终只有一种内容',
  backends: BOTH,
  aboutQueue: false,
  recoverWithin: null,
  furnish: async () => ({ site: { schedule: BY_HAND } }),
  async run(scene) {
    await keysAtTheApi(scene);
    return scene.choices.seed % 4 < 2
      ? judge(scene, wholeCounty(scene.county))
      : idsAtTheAgency(scene);
  },
};

async function keysAtTheApi(scene: Scene): Promise<void> {
  await scene.up('worker');
  const browser = await Browser.signedIn(scene, { url: await apiUrl(scene), role: 'it' });
  const key = `lab-${scene.random.int(1, 1_000_000)}`;
  const request = { kind: 'backfill', subject: MONTH };
  const [first, again] = [
    await browser.post('/runs', request, key),
    await browser.post('/runs', request, key),
  ];
  scene.expect(
    first.status === 200,
    `the first request: ${first.status} ${first.text.slice(0, 200)}`,
  );
  scene.expect(
    again.status === 200 && again.text === first.text,
    'the repetition was answered otherwise',
  );
  const other = await browser.post('/runs', { kind: 'backfill', subject: '2024-05' }, key);
  scene.expect([409, 422].includes(other.status), `another content was answered ${other.status}`);
  const { rows } = await scene.pool.query<{ subjects: string }>(
    `SELECT string_agg(subject, ',') AS subjects FROM work_run`,
  );
  scene.expect(rows[0]?.subjects === MONTH, `runs of ${rows[0]?.subjects}`);
  const { rowCount } = await scene.pool.query(
    `SELECT 1 FROM journal_entry WHERE kind = 'operation' AND content::text LIKE '%refused%'`,
  );
  scene.expect((rowCount ?? 0) > 0, 'the refusal left no trace in the journal');
  const { runId } = JSON.parse(first.text) as { readonly runId: string };
  await scene.endedWell(runId);
}

/** Declarations get no answer; the books change; then the agency answers again. */
async function idsAtTheAgency(scene: Scene) {
  const front = await scene.agency();
  await scene.heyi(['settle', 'month', MONTH]);
  await scene.heyi(['agency', 'declare', MONTH]);
  await front.misbehave([{ fault: 'drop-after', infno: '3201' }]);
  await scene.heyi(['agency', 'dispatch'], { mayFail: true });
  const changed = plainClaim(scene);
  const now = {
    ...changed,
    lines: changed.lines.map((line) => ({ ...line, priceFen: line.priceFen + 7n })),
  };
  await removeClaims(scene.his, [changed]);
  await addClaims(scene.his, [now]);
  await scene.endedWell(await scene.start('backfill', MONTH, { again: true }));
  await scene.heyi(['settle', 'month', MONTH]); // this site settles by hand: what was settled before the change is out of date
  await scene.heyi(['agency', 'declare', MONTH], { mayFail: true });
  await front.misbehave([]);
  for (let round = 0; round < 2; round += 1) {
    await scene.heyi(['agency', 'dispatch'], { mayFail: true });
    await scene.heyi(['agency', 'declare', MONTH], { mayFail: true });
  }
  const { rows } = await scene.pool.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM outbox_message WHERE state IN ('PENDING', 'SENT', 'UNKNOWN')`,
  );
  scene.expect(rows[0]?.n === 0, `${rows[0]?.n} messages stay open`);
  scene.note = '经办报文';
  return judge(scene, truthOf([...scene.county.claims.filter((claim) => claim !== changed), now]));
}

function plainClaim(scene: Scene): Claim {
  const refunded = new Set(scene.county.claims.map(({ refundOf }) => refundOf));
  return scene.random.pick(
    scene.county.claims.filter(
      ({ member, refundOf, claimNo }) =>
        member === LEAD && refundOf === null && !refunded.has(claimNo),
    ),
  );
}
