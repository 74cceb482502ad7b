import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** What a reviewer would say on every pull request, said once by a test. Each message names the fix. */

const root = join(import.meta.dirname, '../..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 << 20,
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const sources = files.filter((path) => /^src\/.*\.ts$/.test(path));
const production = sources.filter((path) => !path.endsWith('.spec.ts'));

describe('files', () => {
  it('have at most 250 lines: split a longer one along its responsibilities', () => {
    expect(sources.filter((path) => read(path).split('\n').length > 251)).toEqual([]);
  });

  it('are named for what they hold, not util, helper, manager, common or misc', () => {
    expect(
      sources.filter((path) =>
        /(^|[/.-])(utils?|helpers?|managers?|common|misc)([/.-]|$)/.test(path),
      ),
    ).toEqual([]);
  });

  it('hold no left-overs: finish it, or write it into the closing note', () => {
    const leftover =
      /\bTODO\b|\bFIXME\b|\bXXX\b|@ts-ignore|@ts-expect-error|as any\b|\.(only|skip)\(/;
    expect(sources.filter((path) => leftover.test(read(path)))).toEqual([]);
  });

  it('speak of the product alone: no paths of a workplace or folders users do not have', () => {
    const spoken = files.filter(
      (path) =>
        /^(src|config|docs|bin|knowledge|schemas)\/|^[A-Z].*\.md$/.test(path) &&
        /\.(ts|md|yaml|json|mjs)$/.test(path),
    );
    expect(spoken.filter((path) => /\.\.\/shared|\/work\/|\/root\//.test(read(path)))).toEqual([]);
  });
});

describe('commands', () => {
  it('inherit only from parents that Nest can build: put @Injectable() on the abstract class', () => {
    const commands = production.filter((path) => path.endsWith('.command.ts'));
    const bare = /^(?!@Injectable\(\)$).*\n(?:export )?abstract class/m;
    expect(commands.filter((path) => bare.test(read(path)))).toEqual([]);
  });
});

describe('registries', () => {
  it.each([
    ['src/connectors/index.ts', /\.connector\.ts$/],
    ['src/audit/templates/index.ts', /\.template\.ts$/],
    ['src/settlement/steps/index.ts', /(?<!\.spec|index)\.ts$/],
    ['src/jobs/handlers/index.ts', /\.job\.ts$/],
    ['src/agency/transactions/index.ts', /(?<!\.spec|index)\.ts$/],
  ])('%s names every file of its folder', (registry, member) => {
    const folder = registry.replace(/\/index\.ts$/, '');
    const members = files.filter((path) => path.startsWith(`${folder}/`) && member.test(path));
    const text = read(registry);
    const missing = members.filter(
      (path) => !text.includes(path.slice(folder.length + 1).replace(/\.ts$/, '.js')),
    );
    expect(members).not.toEqual([]);
    expect(missing).toEqual([]);
  });
});

describe('sources of law', () => {
  it('stand on every settlement step: add `@source <document> §<clause>` to its docstring', () => {
    const steps = production.filter(
      (path) => path.startsWith('src/settlement/steps/') && !path.endsWith('index.ts'),
    );
    expect(steps).not.toEqual([]);
    expect(steps.filter((path) => !/@source [a-z]+-\d{4}-\d+ §/.test(read(path)))).toEqual([]);
  });

  it('stand on every audit rule', () => {
    const rules = files.filter((path) => /^config\/audit\/rules\/.*\.yaml$/.test(path));
    expect(rules.length).toBeGreaterThanOrEqual(10);
    expect(rules.filter((path) => !/^basis:/m.test(read(path)))).toEqual([]);
  });

  it('keep national field names inside the agency folders', () => {
    const national =
      /\b(hifp_pay|medfee_sumamt|fund_pay_sumamt|psn_no|setl_id|mdtrt_id|insutype|fixmedins_code|clr_type)\b/;
    const allowed = /^src\/(agency|sandbox|demo|lists|audit\/export)\//;
    const code = (path: string): string => read(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(production.filter((path) => !allowed.test(path) && national.test(code(path)))).toEqual(
      [],
    );
  });
});

describe('decisions', () => {
  it('have one number each', () => {
    const numbers = readdirSync(join(root, 'docs/decisions')).map((name) => name.slice(0, 4));
    expect(numbers).toEqual([...new Set(numbers)]);
  });
});
