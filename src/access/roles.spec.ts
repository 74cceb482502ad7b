import { describe, expect, it } from '@jest/globals';
import { ACCESS_ROLES, grantFault, mayDo, PERMISSIONS, permissionsOf, sees } from './roles.js';

describe('roles', () => {
  it('keep the three offices apart', () => {
    const security = permissionsOf(['security']);
    expect(security).toEqual(['users.manage', 'users.read']);
    const changing = /\.(approve|correct|decide|edit|manage|run|start|change|unmask)$/;
    expect(permissionsOf(['auditor']).filter((name) => changing.test(name))).toEqual([]);
    expect(permissionsOf(['it']).filter((name) => name.startsWith('claims'))).toEqual([]);
  });

  it('let nobody propose and approve: the two lie with different roles', () => {
    for (const role of ACCESS_ROLES) {
      expect([
        role,
        mayDo([role], 'quarantine.correct') && mayDo([role], 'quarantine.approve'),
      ]).toEqual([role, false]);
      expect([role, mayDo([role], 'crosswalk.edit') && mayDo([role], 'crosswalk.approve')]).toEqual(
        [role, false],
      );
    }
  });

  it('hold each permission somewhere', () => {
    expect(
      Object.values<readonly string[]>(PERMISSIONS).filter((holders) => holders.length === 0),
    ).toEqual([]);
  });
});

describe('grantFault', () => {
  it.each([
    [['it'], 'all', true],
    [['it', 'finance'], ['H1'], true],
    [['member'], ['H1', 'H2'], true],
    [[], 'all', false],
    [['member'], 'all', false],
    [['member', 'finance'], ['H1'], false],
    [['security', 'it'], 'all', false],
    [['auditor', 'compliance'], 'all', false],
    [['security'], ['H1'], false],
    [['it'], [], false],
  ] as const)('%j of %j fits: %s', (roles, institutions, isFit) => {
    expect(grantFault(roles, institutions) === null).toBe(isFit);
  });
});

describe('sees', () => {
  it.each([
    ['all', 'H1', true],
    [['H1'], 'H1', true],
    [['H1'], 'H10', false],
    [[], 'H1', false],
  ] as const)('%j sees %s: %s', (scope, institution, expected) => {
    expect(sees(scope, institution)).toBe(expected);
  });
});
