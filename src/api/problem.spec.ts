import { describe, expect, it } from '@jest/globals';
import { LockedOutError } from '../access/errors.js';
import { GatewayError } from '../kernel/errors.js';
import { isUnavailable, problemOf, problemOfGateway } from './problem.js';

class Raised extends GatewayError {
  readonly recovery = 'halt';
  readonly remedy = '办法';

  constructor(readonly code: `${string}.${string}`) {
    super('说明');
  }
}

describe('problemOfGateway', () => {
  it.each([
    ['quarantine.unknown_entry', 404],
    ['quarantine.wrong_state', 409],
    ['quarantine.same_person', 409],
    ['review.already_decided', 409],
    ['input.nothing_to_redo', 404],
    ['policy.gaps', 422],
  ] as const)('%s is %d', (code, status) => {
    expect(problemOfGateway(new Raised(code))).toMatchObject({
      ...{ status, code, detail: '说明', remedy: '办法' },
      type: `urn:heyi:problem:${code}`,
    });
  });

  it('says in both languages what it is', () => {
    expect(problemOfGateway(new LockedOutError('x')).title).toBe('请求太多 / Too many requests');
    expect(problemOf(418).title).toBe('请求有误 / Bad request');
    expect(problemOf(502).title).toBe('内部错误 / Internal error');
  });
});

describe('isUnavailable', () => {
  it.each([
    [Object.assign(new Error('x'), { code: '53300' }), true],
    [Object.assign(new Error('x'), { code: '57014' }), true],
    [new Error('timeout exceeded when trying to connect'), true],
    [Object.assign(new Error('x'), { code: '23505' }), false],
    [new Raised('database.other'), false],
    ['text', false],
  ])('%p: %s', (error, expected) => {
    expect(isUnavailable(error)).toBe(expected);
  });
});
