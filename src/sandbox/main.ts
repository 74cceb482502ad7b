import { createReadStream, fstatSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { AgencyServer } from './agency-server.service.js';
import { ArrivalStore } from './arrivals.repository.js';
import { type BookRow, Books } from './books.js';
import { AgencyBusiness } from './business.js';
import { FaultPlan, parseFaults } from './faults.js';
import { Lists } from './lists.js';

/**
 * A stand-in for the insurance agency (医保经办机构), as a process of its own with its own books and its own append-only record of what
 * arrived. It shares no code with the gateway: only the wire. Loopback only; ends on SIGTERM, SIGINT, or when the pipe on its stdin closes.
 *
 *     node dist/sandbox/main.js --books agency-ledger.ndjson --ledger arrivals.ndjson [--port 0] [--faults '[{"infno":"3201","nth":2,"fault":"timeout"}]']
 *                               [--access-key AK --secret-key SK]   (then Hunan's signature headers are demanded)
 *
 * Prints one line when ready: {"ready":true,"url":"http://127.0.0.1:40123"}
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      books: { type: 'string' },
      ledger: { type: 'string' },
      port: { type: 'string', default: '0' },
      faults: { type: 'string', default: '[]' },
      'access-key': { type: 'string' },
      'secret-key': { type: 'string' },
    },
  });
  if (values.books === undefined || values.ledger === undefined) {
    throw new Error('--books <file> and --ledger <file> are needed');
  }
  const { 'access-key': accessKey, 'secret-key': secretKey } = values;
  const arrivals = new ArrivalStore(values.ledger);
  const agency = new AgencyServer({
    business: new AgencyBusiness(
      await readBooks(values.books),
      arrivals,
      new Lists(arrivals.lists(), arrivals),
    ),
    arrivals,
    faults: new FaultPlan(parseFaults(values.faults)),
    signature: accessKey === undefined || secretKey === undefined ? null : { accessKey, secretKey },
  });
  const { server, port } = await agency.listen(Number(values.port));
  const end = (): void => {
    server.closeAllConnections();
    server.close(() => {
      arrivals.close();
      process.exit(0);
    });
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (stdinIsPipe()) process.stdin.once('end', end).resume();
  process.stdout.write(`${JSON.stringify({ ready: true, url: `http://127.0.0.1:${port}` })}\n`);
}

/** Started by another process that holds the other end: when that process dies, so do we. */
function stdinIsPipe(): boolean {
  const stdin = fstatSync(0);
  return stdin.isFIFO() || stdin.isSocket();
}

async function readBooks(path: string): Promise<Books> {
  const rows: BookRow[] = [];
  for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
    if (line !== '') rows.push(JSON.parse(line) as BookRow);
  }
  return new Books(rows);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
