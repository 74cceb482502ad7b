import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError } from './errors.js';
import { YamlLayers } from './yaml-layers.js';
import { readYaml } from './yaml-text.js';

const layersOf = (...texts: readonly string[]) =>
  new YamlLayers(texts.map((text, index) => readYaml({ text, path: `${index}.yaml` })));

const schema = z.strictObject({
  name: z.string(),
  list: z.array(z.string()).optional(),
  inner: z.strictObject({ a: z.string(), b: z.enum(['x', 'y']).optional() }),
});

function problemsOf(...texts: readonly string[]): readonly string[] {
  try {
    layersOf(...texts).parse(schema);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('layers of YAML', () => {
  it('merge maps key by key; texts and lists replace', () => {
    const layers = layersOf(
      'name: general\nlist: [a, b]\ninner: { a: one, b: x }',
      'list: [c]\ninner: { b: y }',
    );
    expect(layers.parse(schema)).toEqual({
      name: 'general',
      list: ['c'],
      inner: { a: 'one', b: 'y' },
    });
  });

  it('take away what ~ stands for', () => {
    expect(layersOf('name: n\ninner: { a: one, b: x }', 'inner: { b: ~ }').parse(schema)).toEqual({
      name: 'n',
      inner: { a: 'one' },
    });
    expect(problemsOf('name: n\ninner: { a: one }', 'inner: { a: ~ }')).toHaveLength(1);
  });

  it.each([
    ['0.yaml:2:18 inner.b', 'name: n\ninner: { a: one, b: z }', 'name: m'],
    ['1.yaml:1:10 inner.b', 'name: n\ninner: { a: one, b: x }', 'inner: { b: z }'],
    ['1.yaml:1:10 inner.c', 'name: n\ninner: { a: one, b: x }', 'inner: { c: z }'],
    ['1.yaml:1:1 name', 'inner: { a: one }', 'list: [a]'],
  ])('a problem stands at %s', (expected, general, own) => {
    const [problem = ''] = problemsOf(general, own);
    expect(problem).toContain(expected);
  });

  it('know where each value comes from', () => {
    const layers = layersOf('name: n\ninner: { a: one, b: x }', 'inner:\n  b: y');
    const places = layers.leaves().map(({ path, text }) => {
      const { path: file, line } = layers.placeOf(path);
      return `${path.join('.')}=${text} ${file}:${line}`;
    });
    expect(places).toEqual(['name=n 0.yaml:1', 'inner.a=one 0.yaml:2', 'inner.b=y 1.yaml:2']);
  });
});
