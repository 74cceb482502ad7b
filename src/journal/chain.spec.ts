import { describe, expect, it } from '@jest/globals';
import { digest } from '../kernel/hash.js';
import {
  checkAnchor,
  checkEnd,
  checkEntry,
  EMPTY_HEAD,
  parseAnchor,
  type StoredEntry,
} from './chain.js';
import { entryHash } from './journal-entry.js';

function sealed(changes: Partial<StoredEntry> = {}): StoredEntry {
  const content = { rows: 3, total: '12.50' };
  const fields = {
    consortium: 'county',
    seq: '1',
    at: '2024-03-01T00:00:00.000000Z',
    kind: 'batch',
    subject: 'batch:1',
    contentDigest: digest(content),
    previousHash: EMPTY_HEAD.hash,
  };
  return { ...fields, content, entryHash: entryHash(fields), ...changes };
}

describe('one link of the journal', () => {
  it('holds when nothing was touched', () => {
    expect(checkEntry(EMPTY_HEAD, sealed())).toBeNull();
  });

  it.each<{ change: Partial<StoredEntry>; what: string }>([
    { change: { content: { rows: 4, total: '12.50' } }, what: 'content' },
    { change: { contentDigest: digest({}) }, what: 'content' },
    { change: { seq: '2' }, what: 'missing' },
    { change: { previousHash: 'f'.repeat(64) }, what: 'link' },
    { change: { at: '2024-03-02T00:00:00.000000Z' }, what: 'entry' },
    { change: { kind: 'decision' }, what: 'entry' },
    { change: { subject: 'batch:2' }, what: 'entry' },
    { change: { consortium: 'other' }, what: 'entry' },
    { change: { entryHash: 'f'.repeat(64) }, what: 'entry' },
  ])('breaks as $what when $change is put in', ({ change, what }) => {
    expect(checkEntry(EMPTY_HEAD, sealed(change))?.what).toBe(what);
  });
});

describe('the end of the journal', () => {
  const head = { seq: '3', hash: 'a'.repeat(64) };

  it('is where the head says', () => {
    expect(checkEnd(head, head, null)).toBeNull();
  });

  it.each([
    {
      end: { ...head, seq: '2' },
      recorded: head,
      anchor: null,
      fault: { what: 'missing', seq: '3' },
    },
    { end: head, recorded: { ...head, seq: '2' }, anchor: null, fault: { what: 'head', seq: '3' } },
    {
      end: head,
      recorded: { ...head, hash: 'b' },
      anchor: null,
      fault: { what: 'head', seq: '3' },
    },
    // tail and head both cut: only the noted head tells
    {
      end: head,
      recorded: head,
      anchor: { ...head, seq: '5' },
      fault: { what: 'missing', seq: '4' },
    },
  ])('is wrong: $fault', ({ end, recorded, anchor, fault }) => {
    expect(checkEnd(end, recorded, anchor)).toEqual(fault);
  });

  it('compares the noted head with the entry of that number only', () => {
    const entry = sealed();
    expect(checkAnchor({ seq: '1', hash: entry.entryHash }, entry)).toBeNull();
    expect(checkAnchor({ seq: '2', hash: 'b' }, entry)).toBeNull();
    expect(checkAnchor({ seq: '1', hash: 'b' }, entry)).toEqual({ what: 'anchor', seq: '1' });
  });

  it('reads a noted head and refuses anything else', () => {
    expect(parseAnchor(`3:${head.hash}`)).toEqual(head);
    expect(parseAnchor('3')).toBeNull();
    expect(parseAnchor(`-1:${head.hash}`)).toBeNull();
  });
});
