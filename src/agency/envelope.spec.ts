import { describe, expect, it } from '@jest/globals';
import { readReply } from './envelope.js';

const json = (body: unknown, status = 200) =>
  readReply({
    status,
    contentType: 'application/json;charset=UTF-8',
    bytes: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
  });

describe('an answer of the agency', () => {
  it.each([
    ['number', 0],
    ['text', '0'],
  ])('is an answer when the code is 0 as %s', (_, infcode) => {
    expect(json({ infcode, output: {} })).toMatchObject({ kind: 'answered', text: '' });
  });

  it('keeps the text beside success', () => {
    expect(json({ infcode: 0, err_msg: '提示' })).toMatchObject({ kind: 'answered', text: '提示' });
  });

  it.each([
    [{ infcode: -1, err_msg: '不符' }, 200, '-1', '不符'],
    [{ infcode: '1', err_msg: null }, 200, '1', ''],
    [{ infcode: -1 }, 400, '-1', ''],
    [{ code: 401, message: 'stale timestamp' }, 200, '401', 'stale timestamp'],
    [{ code: '999', msg: '未到经办机构' }, 200, '999', '未到经办机构'],
    ['<html>', 404, 'HTTP 404', ''],
  ])('is a refusal: %j (HTTP %d)', (body, status, code, text) => {
    expect(json(body, status)).toEqual({ kind: 'refused', code, text });
  });

  it.each([
    ['<html>', 200],
    ['', 200],
    ['[]', 200],
    [{ output: {} }, 200],
    [{ infcode: 0, output: {} }, 500],
    [{ infcode: -1 }, 503],
    ['<html>', 302],
  ])('leaves the outcome open: %j (HTTP %d)', (body, status) => {
    expect(json(body, status).kind).toBe('unreadable');
  });

  it('was not taken at HTTP 429', () => {
    expect(json('', 429)).toEqual({ kind: 'busy' });
  });

  it('is a file when its type says so', () => {
    const bytes = Uint8Array.of(1, 2);
    const contentType = 'application/octet-stream;charset=UTF-8';
    expect(readReply({ status: 200, contentType, bytes })).toEqual({ kind: 'file', bytes });
  });

  it('carries no text that a database cannot hold', () => {
    const reply = json(`{"infcode":-1,"err_msg":"a\\u0000b\\ud800${'长'.repeat(600)}"}`);
    expect(reply).toMatchObject({ text: `ab�${'长'.repeat(497)}` });
  });
});
