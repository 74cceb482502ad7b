import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadLimits } from '../../src/config/limits.loader.js';
import { xmlConnector } from '../../src/connectors/xml/xml.connector.js';
import type { RoundContext } from '../harness/bench.js';
import { rival } from '../harness/rival.js';

/** A clinic's feed as `config/profiles/village-xml.yaml` describes it: claims with their lines inside. */

const NAME = 'settlements-202403.xml';
const LINES_A_CLAIM = 4;
const BATCH_ROWS = 1_000;
const OLD = new Date('2024-04-01T00:00:00Z');

const COLUMNS = [
  ...['../@no', '../settledAt', '@no', '@at', '@code', '@name', '@kind'],
  ...['@quantity', '@price', '@amount', '@eligible', '@doctor'],
];

function line(claim: number, number: number): string {
  const price = `${1 + ((claim + number) % 90)}.${String(claim % 100).padStart(2, '0')}`;
  return `    <line no="${number}" at="2024-03-${String(1 + (claim % 28)).padStart(2, '0')} 08:15:00" code="YP${String((claim * 7 + number) % 4_000).padStart(5, '0')}" name="阿莫西林胶囊0.25g*24粒" kind="1" quantity="1" price="${price}" amount="${price}" eligible="${price}" doctor="D${claim % 40}"/>`;
}

function claim(number: number): string {
  const at = `2024-03-${String(1 + (number % 28)).padStart(2, '0')} 08:20:00`;
  const lines = Array.from({ length: LINES_A_CLAIM }, (_, index) => line(number, index + 1));
  return `  <claim no="V${String(number).padStart(9, '0')}">
    <personNo>P${String(number % 9_000).padStart(8, '0')}</personNo><sex>2</sex><birth>1961-05-04</birth><insurance>390</insurance><care>11</care>
    <settledAt>${at}</settledAt><total>84.00</total><eligible>80.00</eligible><pooled>60.00</pooled><fund>60.00</fund><cash>24.00</cash>
${lines.join('\n')}
  </claim>`;
}

/** Writes a month's feed of so many lines. */
export function writeFeed(folder: string, lines: number): void {
  const claims = Array.from({ length: lines / LINES_A_CLAIM }, (_, index) => claim(index + 1));
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<drop claims="${claims.length}" lines="${lines}">`;
  mkdirSync(join(folder, 'drops'), { recursive: true });
  const path = join(folder, 'drops', NAME);
  writeFileSync(path, `${head}\n${claims.join('\n')}\n</drop>\n`);
  utimesSync(path, OLD, OLD); // no longer being written
}

/** The product's connector, batch by batch as a pull takes them. */
export async function readByConnector(context: RoundContext): Promise<number> {
  const { source: limits } = loadLimits(resolve(import.meta.dirname, '../../config'));
  const options = { folder: 'drops', files: 'settlements-{yyyyMM}.xml' };
  const stream = xmlConnector.stream.parse({
    ...{ record: 'drop/claim/line', columns: COLUMNS, required: ['@no', '@amount'] },
    control: { rows: '@lines' },
  });
  const session = await xmlConnector.open(xmlConnector.options.parse(options), {
    ...{ limits, dataDir: context.folder, timezone: 'Asia/Shanghai' },
  });
  const { signal } = new AbortController();
  const request = { stream, window: { from: '2024-03-01', to: '2024-04-01' }, signal };
  try {
    return await context.measure(async () => {
      let rows = 0;
      for (const unit of (await session.units?.({ ...request, late: true })) ?? [])
        for await (const batch of session.read({
          ...request,
          unit: unit.name,
          batchRows: BATCH_ROWS,
        }))
          rows += batch.rows.length;
      return rows;
    });
  } finally {
    await session.close();
  }
}

/** As much of saxes as is used here. */
interface Saxes {
  readonly SaxesParser: new () => {
    on(event: string, handler: (given: { readonly name: string }) => void): void;
    write(text: string): { close(): void };
  };
}

/** The same bytes, decoded and parsed by saxes with handlers that do nothing. */
export async function readBySaxes(context: RoundContext): Promise<number> {
  const { SaxesParser } = await rival<Saxes>('saxes');
  const path = join(context.folder, 'drops', NAME);
  const parse = (onOpen: (tag: { readonly name: string }) => void): void => {
    const parser = new SaxesParser();
    for (const event of ['text', 'cdata', 'closetag', 'doctype', 'error'])
      parser.on(event, () => undefined);
    parser.on('opentag', onOpen);
    parser.write(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))).close();
  };
  await context.measure(async () => parse(() => undefined));
  let rows = 0;
  parse(({ name }) => {
    if (name === 'line') rows += 1;
  });
  return rows;
}
