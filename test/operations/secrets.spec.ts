import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readEnvironmentFiles } from '../../src/config/environment-files.loader.js';
import { type Site, siteOf } from '../../src/config/site.js';
import { openSource, SiteSources } from '../../src/ingest/site-sources.loader.js';
import {
  EnvelopeBrokenError,
  KeyMissingError,
  SecretMissingError,
} from '../../src/secrets/errors.js';
import { keyPathOf } from '../../src/secrets/key-file.loader.js';
import {
  finishKeyChange,
  listSecrets,
  prepareKey,
  removeSecret,
  revealed,
  storeSecret,
} from '../../src/secrets/secret-vault.loader.js';
import { HOSPITAL, SiteFolder } from '../ingest/site-folder.js';
import { createTestDatabase } from '../support/test-database.js';

const SECRET = 'Geheim-4711-密';
let root: string;
let site: Site;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'heyi-secrets-'));
  mkdirSync(join(root, 'site'));
  site = siteOf(root, { HEYI_SITE: 'site', HEYI_DATA: 'state/files' });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const store = (name: string, text = SECRET) =>
  storeSecret(site, { name, text, at: new Date('2026-01-02T03:04:05Z') });
const reveal = (name: string) => revealed({ password: `\${secret:${name}}` }, site).password;

/** Every byte below the folder, but for the key. */
function everything(): string {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('a stored secret', () => {
  it('is revealed where it is referred to, and lies nowhere in the open', () => {
    expect(store('lead-his')).toMatchObject({ version: 1, madeKey: true });
    expect(reveal('lead-his')).toBe(SECRET);
    expect(everything()).not.toContain('Geheim');
    expect(JSON.stringify(listSecrets(site))).not.toContain('Geheim');
    expect(everything()).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 12));
  });

  it('is protected by a key that only its owner can read, outside the data folder', () => {
    store('lead-his');
    expect(keyPathOf(site)).toBe(join(root, 'state/kek'));
    expect(statSync(keyPathOf(site)).mode & 0o777).toBe(0o600);
  });

  it('has versions; an older one put back does not open', () => {
    store('lead-his', 'old');
    const older = readFileSync(join(root, 'site/secrets.json'), 'utf8');
    expect(store('lead-his', 'new')).toMatchObject({ version: 2, madeKey: false });
    const newer = JSON.parse(readFileSync(join(root, 'site/secrets.json'), 'utf8'));
    newer.secrets['lead-his'] = { ...JSON.parse(older).secrets['lead-his'], version: 2 };
    writeFileSync(join(root, 'site/secrets.json'), JSON.stringify(newer));
    expect(() => reveal('lead-his')).toThrow(EnvelopeBrokenError);
  });

  it('is missed by name, and needs its key', () => {
    store('lead-his');
    expect(() => reveal('tcm-his')).toThrow(SecretMissingError);
    rmSync(keyPathOf(site));
    expect(() => reveal('lead-his')).toThrow(KeyMissingError);
    expect(revealed({ user: 'x' }, site)).toEqual({ user: 'x' }); // what has no reference needs no key
    removeSecret(site, 'lead-his');
    expect(listSecrets(site)).toEqual([]);
  });
});

describe('a change of the key', () => {
  it('keeps every secret and forgets the old key', () => {
    store('a', 'one');
    store('b', 'two');
    const before = readFileSync(keyPathOf(site), 'utf8');
    prepareKey(site);
    expect([reveal('a'), reveal('b')]).toEqual(['one', 'two']); // half-way: both keys open
    store('c', 'three');
    expect(finishKeyChange(site)).toMatchObject({ rewrapped: 2 });
    expect([reveal('a'), reveal('b'), reveal('c')]).toEqual(['one', 'two', 'three']);
    expect(readFileSync(keyPathOf(site), 'utf8')).not.toContain(before.trim());
    expect(finishKeyChange(site)).toMatchObject({ rewrapped: 0 });
    writeFileSync(keyPathOf(site), before);
    expect(() => reveal('a')).toThrow(KeyMissingError);
  });

  it('refuses a key file that is none', () => {
    store('a');
    writeFileSync(keyPathOf(site), 'not a key\n');
    expect(() => reveal('a')).toThrow(KeyMissingError);
    writeFileSync(keyPathOf(site), '');
    expect(() => prepareKey(site)).toThrow(KeyMissingError);
  });
});

it('a source is opened with the secret its file refers to', async () => {
  const database = await createTestDatabase();
  const folder = new SiteFolder();
  try {
    const { hostname, port, pathname, username, password } = new URL(database.url);
    folder.institution(
      'hospital',
      `institution: ${HOSPITAL}
connector: postgres
options: { host: ${hostname}, port: '${port}', database: ${pathname.slice(1)}, user: ${username}, password: '\${secret:lead-his}' }
streams:
  persons:
    query: SELECT person_id, sex FROM person
    cursor: person_id
    key: [person_id]
    map: { personId: person_id, sex: { from: sex, values: { male: male } } }
`,
    );
    const source = new SiteSources(folder.site).of(HOSPITAL);
    storeSecret(folder.site, { name: 'lead-his', text: 'wrong', at: new Date() });
    await expect(openAndClose(source)).rejects.toThrow();
    storeSecret(folder.site, { name: 'lead-his', text: password, at: new Date() });
    await expect(openAndClose(source)).resolves.toBeUndefined(); // taken anew at each opening
    expect(JSON.stringify(source)).not.toContain(password);
  } finally {
    folder.remove();
    await database.drop();
  }
});

async function openAndClose(source: Parameters<typeof openSource>[0]): Promise<void> {
  const session = await openSource(source);
  await session.close();
}

describe('values given as files', () => {
  it('are read unless the variable is set, and the key file stays a name', () => {
    writeFileSync(join(root, 'url'), 'postgres://x\n');
    const environment: Record<string, string | undefined> = {
      DATABASE_URL_FILE: join(root, 'url'),
      HEYI_METRICS_TOKEN_FILE: join(root, 'url'),
      HEYI_METRICS_TOKEN: 'given',
      HEYI_KEK_FILE: join(root, 'url'),
      OTHER_FILE: join(root, 'nowhere'),
    };
    readEnvironmentFiles(environment);
    expect(environment).toMatchObject({
      DATABASE_URL: 'postgres://x',
      HEYI_METRICS_TOKEN: 'given',
    });
    expect(environment).not.toHaveProperty('HEYI_KEK');
  });

  it('are missed by the name of the variable', () => {
    expect(() => readEnvironmentFiles({ REDIS_URL_FILE: join(root, 'nowhere') })).toThrow(
      /REDIS_URL_FILE/,
    );
  });
});
