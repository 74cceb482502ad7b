import { describe, expect, it } from '@jest/globals';
import { RowFlow } from './row-flow.js';

function flowing(batchRows: number) {
  const taps: string[] = [];
  const flow = new RowFlow<number>(batchRows, {
    hold: () => taps.push('hold'),
    release: () => taps.push('release'),
  });
  return { flow, taps };
}

describe('rows between a driver and a reader', () => {
  it('come in full batches, the last one smaller, then nothing', async () => {
    const { flow } = flowing(2);
    for (const row of [1, 2, 3]) flow.push(row);
    flow.end();
    expect([await flow.next(), await flow.next(), await flow.next()]).toEqual([[1, 2], [3], null]);
  });

  it('are waited for', async () => {
    const { flow } = flowing(2);
    const next = flow.next();
    flow.push(1);
    flow.push(2);
    expect(await next).toEqual([1, 2]);
  });

  it('hold the driver once two batches wait, and let it go when one is taken', async () => {
    const { flow, taps } = flowing(2);
    for (const row of [1, 2, 3]) flow.push(row);
    expect(taps).toEqual([]);
    flow.push(4);
    flow.push(5); // a driver may still hand over what it had read
    expect(taps).toEqual(['hold']);
    await flow.next();
    expect(taps).toEqual(['hold']);
    await flow.next();
    expect(taps).toEqual(['hold', 'release']);
  });

  it('come before the failure that follows them', async () => {
    const { flow } = flowing(2);
    flow.push(1);
    flow.fail(new Error('hung up'));
    expect(await flow.next()).toEqual([1]);
    await expect(flow.next()).rejects.toThrow('hung up');
  });

  it('can be discarded', async () => {
    const { flow, taps } = flowing(1);
    flow.push(1);
    flow.push(2);
    const discarded = flow.discard();
    expect(taps).toEqual(['hold', 'release']);
    flow.push(3);
    flow.end();
    await discarded;
    expect(await flow.next()).toBeNull();
  });
});
