import { describe, expect, it } from '@jest/globals';
import { asQueued, type FlowNode, nextFlow } from './flow.js';

const work = (item: string, stage: number) => ({
  item,
  stage,
  kind: `kind-${stage}`,
  queue: 'ingest',
  businessKey: `key-${item}`,
  source: null,
  epoch: 2,
  mostAttempts: 5,
});

const shape = ({ work: { item }, children }: FlowNode): unknown =>
  children.length === 0 ? item : { [item]: children.map(shape) };

describe('nextFlow', () => {
  it.each([
    ['nothing open', [], []],
    ['one stage of several pieces: side by side', [work('a', 0), work('b', 0)], ['a', 'b']],
    [
      'single stages: on top of each other',
      [work('a', 0), work('b', 0), work('c', 1), work('d', 2)],
      [{ d: [{ c: ['a', 'b'] }] }],
    ],
    [
      'stops before a later stage of several pieces',
      [work('a', 0), work('b', 0), work('gate', 1), work('c', 2), work('d', 2), work('e', 3)],
      [{ gate: ['a', 'b'] }],
    ],
    [
      'goes on where earlier stages have ended',
      [work('c', 2), work('d', 2), work('e', 3)],
      [{ e: ['c', 'd'] }],
    ],
  ])('%s', (_, open, roots) => {
    expect(nextFlow(open).map(shape)).toEqual(roots);
  });
});

describe('asQueued', () => {
  it('names the work and its epoch, and never leaves a parent waiting for a failed child', () => {
    const [root] = nextFlow([work('a', 0), work('b', 1)]);
    expect(root && asQueued(root, 1_000)).toMatchObject({
      name: 'kind-1',
      data: { item: 'b', epoch: 2 },
      opts: { jobId: 'key-b.2', attempts: 5 },
      children: [{ opts: { jobId: 'key-a.2', ignoreDependencyOnFailure: true } }],
    });
  });
});
