import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadYaml } from '../../src/config/yaml.loader.js';
import type { RawRow } from '../../src/connectors/connector.js';
import { CONNECTORS } from '../../src/connectors/index.js';
import { loadInstitution } from '../../src/ingest/consortium.loader.js';
import { STREAMS, type Stream } from '../../src/ingest/fields.js';
import { checkedProfile } from '../../src/ingest/institution-check.js';
import type { InstitutionConfig } from '../../src/ingest/institution-config.js';
import { canonicalRows } from '../../src/ingest/mapping/canonical-rows.js';
import { sourceStream } from '../../src/ingest/source-stream.js';
import { sourceContext } from '../connectors/conformance/source-fixture.js';
import { createMariaDatabase, hasMariaDb, NO_MARIADB } from '../connectors/mariadb.js';
import { HOSPITAL, optionsOf, SiteFolder } from '../ingest/site-folder.js';
import { describeWhen } from '../support/describe-when.js';
import { createEmptyDatabase } from '../support/test-database.js';

const GOLDEN = import.meta.dirname;
const WINDOW = { from: '2024-03-01', to: '2024-04-01' };
const folder = new SiteFolder();
afterAll(() => folder.remove());

const profiles = readdirSync(resolve('config/profiles')).map((name) => name.replace('.yaml', ''));
const file = (profile: string, name: string) => readFileSync(join(GOLDEN, profile, name), 'utf8');
const golden = (profile: string): unknown => JSON.parse(file(profile, 'canonical.json'));

/** A member of the profile, with nothing of its own but where its source stands. */
function memberOf(profile: string, options: string): InstitutionConfig {
  folder.institution(
    'member',
    `institution: ${HOSPITAL}\nprofile: ${profile}\noptions: ${options}`,
  );
  return loadInstitution(join(folder.root, 'site/institutions/member.yaml'), folder.site, null);
}

/** What the connector reads of each stream, mapped: `field: text`, blanks left out. */
async function canonical(config: InstitutionConfig, unit?: string): Promise<unknown> {
  const connector = CONNECTORS.find(({ kind }) => kind === config.connector);
  if (connector === undefined) throw new Error(config.connector);
  const context = sourceContext(folder.root);
  const session = await connector.open(connector.options.parse(config.options), {
    ...context,
    limits: { ...context.limits, fileSettleMs: 0 },
  });
  try {
    const result: Record<string, unknown> = {};
    for (const name of STREAMS) {
      const settings = config.streams[name];
      if (settings === undefined) continue;
      const rows: RawRow[] = [];
      const { signal } = new AbortController();
      const stream = connector.stream.parse(sourceStream(name, settings));
      const request = { stream, window: WINDOW, signal, batchRows: 100, ...(unit ? { unit } : {}) };
      for await (const batch of session.read(request)) rows.push(...batch.rows);
      const totals = await session.controlTotals(request);
      result[name] = canonicalRows(name, settings, rows);
      expect(totals.rows).toBe(rows.length);
    }
    return result;
  } finally {
    await session.close();
  }
}

describe('profiles', () => {
  it.each(profiles)('%s is complete, and has golden files', (profile) => {
    loadYaml(resolve('config/profiles', `${profile}.yaml`), checkedProfile);
    expect(existsSync(join(GOLDEN, profile, 'canonical.json'))).toBe(true);
  });

  it.each([
    ['village-csv', 'settlements-202403.csv'],
    ['village-xml', 'settlements-202403.xml'],
  ])('%s reads its file', async (profile, name) => {
    folder.write(`drops/${name}`, file(profile, name));
    const config = memberOf(profile, `{ folder: '${join(folder.root, 'drops')}' }`);
    expect(await canonical(config, name)).toEqual(golden(profile));
  });

  it('national-interface-postgres reads its tables', async () => {
    const his = await createEmptyDatabase();
    try {
      await his.pool.query(file('national-interface-postgres', 'source.sql'));
      const config = memberOf('national-interface-postgres', optionsOf(his.url));
      expect(await canonical(config)).toEqual(golden('national-interface-postgres'));
    } finally {
      await his.drop();
    }
  });

  it('front-office-mssql maps rows as SQL Server writes them', () => {
    const config = memberOf('front-office-mssql', '{ host: h, database: d, user: u }');
    const given = JSON.parse(file('front-office-mssql', 'rows.json')) as Record<
      Stream,
      Readonly<Record<string, string | null>>[]
    >;
    const result = Object.entries(config.streams).map(([name, settings]) => {
      const columns = (sourceStream(name as Stream, settings) as { columns: string[] }).columns;
      const rows = given[name as Stream].map((row) =>
        columns.map((column) => {
          if (row[column] === undefined) throw new Error(`rows.json: ${name}.${column}`);
          return row[column];
        }),
      );
      return [name, canonicalRows(name as Stream, settings, rows)];
    });
    expect(Object.fromEntries(result)).toEqual(golden('front-office-mssql'));
  });

  it('a hospital overrides what differs, and only that', () => {
    folder.institution(
      'own',
      `institution: ${HOSPITAL}
profile: front-office-mssql
options: { host: h, database: d, user: u }
streams:
  claims:
    map:
      pool: { values: { '391': resident } }
      department: ~
      cashPaid: { from: cash, as: yuan-from-double }
  procedures: ~`,
    );
    const config = loadInstitution(
      join(folder.root, 'site/institutions/own.yaml'),
      folder.site,
      null,
    );
    expect(config.streams.procedures).toBeUndefined();
    expect(config.streams.claims?.map).toMatchObject({
      pool: { from: 'insutype', values: { '310': 'employee', '391': 'resident' } },
      cashPaid: { from: 'cash', as: 'yuan-from-double' },
      claimNo: { from: 'setl_id' },
    });
    expect(config.streams.claims?.map['department']).toBeUndefined();
  });

  it('a mistake is reported in the layer that made it', () => {
    folder.write('site/profiles/ours.yaml', file('../../config/profiles', 'village-xml.yaml'));
    const own = (more: string) => {
      folder.institution('bad', `institution: ${HOSPITAL}\nprofile: ours\n${more}`);
      const path = join(folder.root, 'site/institutions/bad.yaml');
      return () => loadInstitution(path, folder.site, null);
    };
    expect(own('options: { folder: d }')).not.toThrow();
    expect(own('options: { folder: d }\nstreams: { claims: { map: { claimNo: ~ } } }')).toThrow(
      /claimNo/,
    );
    expect(own('options: { folder: d }\nstreams: { lines: { map: { price: p } } }')).toThrow(
      /bad\.yaml:4:\d+ streams\.lines\.map\.price/,
    );
    folder.write(
      'site/profiles/ours.yaml',
      file('../../config/profiles', 'village-xml.yaml').replace(
        'record: drop/claim\n',
        'distinct: [a]\n',
      ),
    );
    expect(own('options: { folder: d }')).toThrow(/ours\.yaml:\d+:\d+ streams\.claims/);
  });
});

describeWhen(hasMariaDb, { name: 'profiles on MariaDB', reason: NO_MARIADB }, () => {
  it('outpatient-mysql reads its tables', async () => {
    const his = await createMariaDatabase();
    try {
      await his.admin.query(file('outpatient-mysql', 'source.sql'));
      const flow = Object.entries(his.options).map(([key, value]) => `${key}: '${value}'`);
      const config = memberOf('outpatient-mysql', `{ ${flow.join(', ')} }`);
      expect(await canonical(config)).toEqual(golden('outpatient-mysql'));
    } finally {
      await his.drop();
    }
  });
});
