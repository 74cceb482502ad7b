import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/**
 * Chinese names of national item codes, read from the shipped reference data by the demo's own code: the county shares no reader with
 * the gateway, so that a mistake in one shows up against the other.
 */
export function loadItemNames(knowledgeDirectory: string): ReadonlyMap<string, string> {
  const limits = join(knowledgeDirectory, 'nhsa');
  const files = readdirSync(limits).filter((name) => name.endsWith('.csv'));
  const limited = files.sort().flatMap((file) =>
    records(readFileSync(join(limits, file))).flatMap(({ codes = '', name = '' }) =>
      codes
        .split(' ')
        .filter((code) => code !== '')
        .map((code) => [code, name] as const),
    ),
  );
  const zipped = readFileSync(join(knowledgeDirectory, 'codelists/service-items.csv.gz'));
  const services = records(gunzipSync(zipped)).map(
    ({ code = '', name = '' }) => [code, name] as const,
  );
  return new Map([...limited, ...services]);
}

function records(bytes: Uint8Array): Record<string, string>[] {
  return parse(Buffer.from(bytes), { columns: true, relax_column_count: true });
}
