import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROLES } from '../../src/app/role.js';
import { freePort } from '../../src/database/postgres-server.launcher.js';
import { inspectRedis } from '../../src/jobs/redis-posture.client.js';
import { describeWhen } from '../support/describe-when.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** What an IT engineer follows literally is tried here literally, as far as a machine without containers can. */
const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes: readonly string[];
  readonly ports?: readonly string[];
  readonly secrets: readonly string[];
  readonly networks: readonly string[];
  readonly read_only?: boolean;
  readonly deploy: { readonly resources: { readonly limits: Readonly<Record<string, string>> } };
}

const compose = parse(read('compose.yaml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { file: string }>>;
  readonly networks: Readonly<Record<string, { internal?: boolean }>>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image === 'heyi:local');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heyi-deploy-'));
  execFileSync('sh', [join(root, 'deploy/make-secrets.sh'), join(folder, 'secrets')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('compose.yaml', () => {
  it('has every part of a site, each bounded', () => {
    expect(Object.keys(compose.services)).toEqual([
      'postgres',
      'redis',
      'migrate',
      'api',
      'worker',
      'scheduler',
      'tools',
    ]);
    for (const [name, { deploy }] of services) {
      expect({ name, limits: Object.keys(deploy.resources.limits) }).toEqual({
        name,
        limits: ['cpus', 'memory'],
      });
    }
  });

  it('publishes the API alone, on loopback, and keeps the databases inside', () => {
    expect(services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual([
      'api',
    ]);
    expect(compose.services['api']?.ports).toEqual(['127.0.0.1:7300:7300']);
    for (const name of ['postgres', 'redis']) {
      expect(compose.services[name]?.networks).toEqual(['inside']);
    }
    expect(compose.networks['inside']).toEqual({ internal: true });
  });

  it('names only secrets, volumes and networks that it defines', () => {
    for (const [name, { secrets, networks, volumes }] of services) {
      const named = volumes
        .map((each) => each.split(':')[0] ?? '')
        .filter((each) => !each.startsWith('.'));
      expect({
        name,
        unknown: (secrets ?? []).filter((each) => !(each in compose.secrets)),
      }).toEqual({ name, unknown: [] });
      expect({ name, unknown: named.filter((each) => !(each in compose.volumes)) }).toEqual({
        name,
        unknown: [],
      });
      expect({ name, unknown: networks.filter((each) => !(each in compose.networks)) }).toEqual({
        name,
        unknown: [],
      });
    }
  });

  it('gives passwords by files that make-secrets.sh makes, closed to others, and keeps them when run again', () => {
    const files = Object.values(compose.secrets).map(({ file }) =>
      file.replace('./deploy/secrets/', ''),
    );
    const made = join(folder, 'secrets');
    expect(readdirSync(made).sort()).toEqual([...files, 'keys'].sort());
    expect(statSync(made).mode & 0o777).toBe(0o700);
    const before = files.map((name) => readFileSync(join(made, name), 'utf8'));
    execFileSync('sh', [join(root, 'deploy/make-secrets.sh'), made]);
    expect(files.map((name) => readFileSync(join(made, name), 'utf8'))).toEqual(before);
    expect(read('compose.yaml')).not.toMatch(/PASSWORD: |:\/\/[^ ]*:[^ ]*@/);
  });

  it('starts roles that exist by files that exist', () => {
    for (const [name, { command }] of ours) {
      const [program, script = '', ...rest] = name === 'tools' ? ['node', 'bin/heyi.mjs'] : command;
      const source = script.replace(/^dist\/(.*)\.js$/, 'src/$1.ts');
      expect({ name, program, there: existsSync(join(root, source)) }).toEqual({
        name,
        program: 'node',
        there: true,
      });
      const role = rest[rest.indexOf('--role') + 1];
      if (rest.includes('--role')) expect(ROLES).toContain(role);
    }
  });

  it('checks the health of everything that stays', () => {
    const lasting = services.filter(([name]) => !['migrate', 'tools'].includes(name));
    expect(lasting.filter(([, { healthcheck }]) => healthcheck === undefined)).toEqual([]);
    for (const [name, { healthcheck, environment, command }] of lasting) {
      const [, , script, address] = healthcheck?.test ?? [];
      if (script !== 'bin/healthcheck.mjs') continue;
      const port = environment['HEYI_HEALTH_PORT'] ?? command[command.indexOf('--port') + 1];
      expect({ name, address }).toEqual({ name, address: `http://127.0.0.1:${port}/readyz` });
    }
  });
});

describe('a worker, started by the command line and settings of compose.yaml', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('answers its own health check, and stops when told to', async () => {
    const { command, environment, healthcheck } = compose.services['worker'] as Service;
    const port = String(await freePort());
    const inTest = { HEYI_HEALTH_PORT: port, HEYI_SITE: 'config/demo', HEYI_DATA: folder };
    const LOADER = `data:text/javascript,import { register } from 'node:module'; register('./test/support/typescript-loader.mjs', 'file://${root}/');`;
    const script = (command[1] ?? '').replace(/^dist\/(.*)\.js$/, 'src/$1.ts');
    const child = spawn(process.execPath, ['--import', LOADER, script, ...command.slice(2)], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        ...withFiles(environment),
        ...inTest,
        NODE_OPTIONS: '',
        DATABASE_URL: database.url,
        REDIS_URL: '',
      },
    });
    try {
      const [, program = '', check = '', address = ''] = healthcheck?.test ?? [];
      expect(program).toBe('node');
      let said = { status: 1 as number | null, stderr: '' };
      for (let attempt = 0; attempt < 60 && said.status !== 0; attempt += 1) {
        await pause(500);
        said = spawnSync(process.execPath, [check, address.replace(/:\d+\//, `:${port}/`)], {
          cwd: root,
          encoding: 'utf8',
        });
      }
      expect(said).toMatchObject({ status: 0, stderr: '' });
    } finally {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
  }, 60_000);
});

/** The paths of a container, here. */
function withFiles(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value
        .replace('/run/secrets', join(folder, 'secrets'))
        .replace('/etc/heyi/keys', join(folder, 'secrets/keys')),
    ]),
  );
}

describeWhen(
  existsSync('/usr/bin/redis-server'),
  { name: 'Redis as compose.yaml sets it', reason: 'redis-server is not installed' },
  () => {
    it('takes its settings and shows the posture the queue demands', async () => {
      const port = await freePort();
      const password = readFileSync(join(folder, 'secrets/redis_password'), 'utf8').trim();
      const options = ['--dir', folder, '--port', String(port), '--bind', '127.0.0.1'];
      const server = spawn('redis-server', [join(folder, 'secrets/redis.conf'), ...options], {
        stdio: 'ignore',
      });
      try {
        await pause(1_000);
        expect(await inspectRedis(`redis://:${password}@127.0.0.1:${port}`)).toMatchObject({
          maxmemoryPolicy: 'noeviction',
          appendOnly: true,
        });
        await expect(inspectRedis(`redis://127.0.0.1:${port}`)).rejects.toThrow();
      } finally {
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill('SIGTERM');
        await ended;
      }
    });
  },
);

describe('systemd units', () => {
  const units = readdirSync(join(root, 'deploy/systemd'));

  it('start each role with a settings file that exists in the bundle', () => {
    const roles = units.map((name) => /--role (\w+)/.exec(read(`deploy/systemd/${name}`))?.[1]);
    expect(roles.sort()).toEqual(['api', 'scheduler', 'worker']);
    for (const name of units)
      expect(read(`deploy/systemd/${name}`)).toContain('EnvironmentFile=/etc/heyi/heyi.env');
  });

  describeWhen(
    existsSync('/usr/bin/systemd-analyze'),
    { name: 'systemd-analyze verify', reason: 'systemd-analyze is not installed' },
    () => {
      it.each(units)('%s is understood', (name) => {
        const { stderr } = spawnSync(
          'systemd-analyze',
          ['verify', join(root, 'deploy/systemd', name)],
          {
            encoding: 'utf8',
          },
        );
        // The program itself is not installed here.
        const complaints = stderr
          .split('\n')
          .filter((line) => line.includes(name.replace('@', '')) || line.includes('Unknown'));
        expect(complaints.filter((line) => !line.includes('is not executable'))).toEqual([]);
      });
    },
  );
});

it('every variable the settings file names is one the product reads', () => {
  const named = [...read('deploy/heyi.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(
    (match) => match[1] ?? '',
  );
  const sources = execFileSync(
    'git',
    ['grep', '-hoE', '(HEYI_[A-Z_]+|DATABASE_URL|REDIS_URL)', '--', 'src', 'config/demo'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const known = new Set(sources.split('\n'));
  expect(
    named.filter((name) => !known.has(name) && !known.has(name.replace(/_FILE$/, ''))),
  ).toEqual([]);
});
