import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError } from './errors.js';
import { whole, yesNo } from './values.js';
import { parseYaml } from './yaml-text.js';

const schema = z.strictObject({
  name: z.string(),
  rate: z.string(),
  rows: whole(1, 100).optional(),
  on: yesNo.optional(),
  list: z.array(z.strictObject({ day: z.iso.date() })).optional(),
  options: z.record(z.string(), z.string()).optional(),
});

const read = (text: string, environment: Record<string, string> | null = {}) =>
  parseYaml({ text, path: 'a.yaml', schema, secretsUnder: ['options'], environment });

function problems(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('parseYaml', () => {
  it('keeps 0.10, dates and leading zeros as they were written', () => {
    expect(read('name: 007\nrate: 0.10\nlist:\n  - day: 2024-02-29\n')).toEqual({
      name: '007',
      rate: '0.10',
      list: [{ day: '2024-02-29' }],
    });
  });

  it('turns text into whole numbers and yes-no where the schema says so', () => {
    expect(read('name: a\nrate: 1\nrows: 100\non: false')).toMatchObject({ rows: 100, on: false });
  });

  it.each([
    ['a number out of bounds', 'name: a\nrate: 1\nrows: 101', 'a.yaml:3:1 rows：'],
    ['a number that is none', 'name: a\nrate: 1\nrows: 1e2', 'a.yaml:3:1 rows：应为整数'],
    ['an unknown key', 'name: a\nrate: 1\n  \nrat: 2', 'a.yaml:4:1 rat：不认识的键'],
    ['a missing key, at its map', 'rate: 1', 'a.yaml:1:1 name：'],
    [
      'a fault in a list',
      'name: a\nrate: 1\nlist:\n  - day: 2024-02-30',
      'a.yaml:4:5 list.0.day：',
    ],
    ['a key twice', 'name: a\nrate: 1\nrate: 2', 'a.yaml:3:1 同一个键写了两次'],
    ['broken syntax', 'name: [a\nrate: 1', 'a.yaml:'],
    ['a reference', 'name: &n a\nrate: *n', 'a.yaml:2:7 不支持引用 *n'],
    ['a reference to nothing', 'name: a\nrate: *n', 'a.yaml:2:7 不支持引用 *n'],
    ['a key that would vanish', 'name: a\nrate: 1\n__proto__: x', 'a.yaml:3:1 __proto__'],
    ['a second document', 'name: a\n---\nname: b', '只能有一份内容'],
    ['nesting without end', `name: ${'['.repeat(20_000)}`, '嵌套过深'],
    ['a list for a text', 'name: [a]\nrate: 1', 'a.yaml:1:1 name：应为文本'],
    ['an empty file', '', 'a.yaml:1:1 name：'],
  ])('points at %s', (_, text, expected) => {
    expect(problems(text)[0]).toContain(expected);
  });

  it('lists no more problems than a person reads', () => {
    const text = `name: a\nrate: 1\n${Array.from({ length: 60 }, (_, index) => `x${index}: 1`).join('\n')}`;
    expect(problems(text)).toHaveLength(51);
    expect(problems(text).at(-1)).toBe('另有 10 处');
  });

  it('reports every problem at once', () => {
    expect(problems('rows: 0\nx: 1\ny: 2')).toHaveLength(5);
  });
});

describe('secrets', () => {
  const text = 'name: a\nrate: 1\noptions:\n  user: u\n  url: pg://${USER_NAME}:${PASS}@h';

  it('come from the environment, below the named key only', () => {
    expect(read(text, { USER_NAME: 'x', PASS: 'y' }).options).toEqual({
      user: 'u',
      url: 'pg://x:y@h',
    });
    expect(problems('name: ${PASS}\nrate: 1')).toEqual([
      'a.yaml:1:7 环境变量引用 ${PASS} 只能写在 options 之下',
    ]);
  });

  it('are missed by name and place', () => {
    expect(problems(text)).toEqual(['a.yaml:5:8 环境变量 USER_NAME、PASS 未设置']);
  });

  it('in envelopes are left for the moment a connection opens', () => {
    const stored = 'name: a\nrate: 1\noptions:\n  password: ${secret:lead-his}';
    expect(read(stored, {}).options).toEqual({ password: '${secret:lead-his}' });
  });

  it.each([
    ['part of a value', 'options:\n  url: pg://u:${secret:lead-his}@h', '机密引用须是整个值'],
    ['not a name', 'options:\n  password: ${secret:Lead}', '机密引用须是整个值'],
    ['not closed', 'options:\n  password: ${secret:lead', '机密引用须是整个值'],
    ['elsewhere', 'list: []\nname: ${secret:lead-his}', '只能写在 options、connection 之下'],
  ])('in envelopes are refused as %s', (_, lines, expected) => {
    expect(problems(`rate: 1\n${lines}`)[0]).toContain(expected);
  });

  it('stay as written when only the form is checked', () => {
    expect(read(text, null).options?.['url']).toBe('pg://${USER_NAME}:${PASS}@h');
  });
});
