/** What a person may be here. Three are kept apart (三员分立): `it` runs the system, `security` manages accounts, `auditor` reads what they did. */
export const ACCESS_ROLES = [
  'auditor',
  'compliance',
  'finance',
  'it',
  'member',
  'security',
] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** What roles are called on a screen. */
export const ROLE_NAMES: Readonly<Record<AccessRole, string>> = {
  auditor: '审计员',
  compliance: '合规员',
  finance: '结算员',
  it: '信息员',
  member: '成员单位',
  security: '安全管理员',
};

/** Roles that nobody holds together with another one: who manages accounts sees no claims, who reads the logs changes nothing. */
const ALONE: readonly AccessRole[] = ['auditor', 'member', 'security'];

/** Every permission, and the roles that hold it. Nothing else grants anything. */
export const PERMISSIONS = {
  'batches.read': ['auditor', 'compliance', 'finance', 'it', 'member'],
  'claims.read': ['auditor', 'compliance', 'finance', 'member'],
  'claims.unmask': ['compliance'],
  'crosswalk.approve': ['compliance'],
  'crosswalk.edit': ['it'],
  'crosswalk.read': ['auditor', 'compliance', 'it', 'member'],
  'differences.read': ['auditor', 'compliance', 'finance', 'it', 'member'],
  'figures.read': ['auditor', 'compliance', 'finance', 'member'],
  'findings.attachments': ['auditor', 'compliance', 'member'],
  'findings.decide': ['compliance'],
  'findings.read': ['auditor', 'compliance', 'finance', 'member'],
  'findings.respond': ['member'],
  'journal.read': ['auditor'],
  'journal.verify': ['auditor', 'compliance', 'finance', 'it'],
  'operators.read': ['auditor'],
  'lists.read': ['auditor', 'compliance', 'finance', 'it', 'member'],
  'lists.send': ['finance'],
  'quarantine.approve': ['compliance'],
  'quarantine.correct': ['it'],
  'quarantine.read': ['auditor', 'compliance', 'it', 'member'],
  'quarantine.unmask': ['compliance', 'it'],
  'runs.read': ['auditor', 'compliance', 'finance', 'it'],
  'runs.start': ['it'],
  'settlement.run': ['finance'],
  'statements.answer': ['finance'],
  'statements.respond': ['member'],
  'sync.change': ['it'],
  'sync.read': ['auditor', 'compliance', 'finance', 'it', 'member'],
  'users.manage': ['security'],
  'users.read': ['auditor', 'security'],
} as const satisfies Readonly<Record<string, readonly AccessRole[]>>;
export type Permission = keyof typeof PERMISSIONS;

/** The institutions a person sees: all of the consortium, or the named ones. */
export type InstitutionScope = 'all' | readonly string[];

export function mayDo(roles: readonly AccessRole[], permission: Permission): boolean {
  const holders: readonly AccessRole[] = PERMISSIONS[permission];
  return roles.some((role) => holders.includes(role));
}

export function permissionsOf(roles: readonly AccessRole[]): readonly Permission[] {
  const all = Object.keys(PERMISSIONS) as Permission[];
  return all.filter((permission) => mayDo(roles, permission));
}

export function sees(scope: InstitutionScope, institution: string): boolean {
  return scope === 'all' || scope.includes(institution);
}

/** Why the roles and institutions do not fit together, for the person who grants them; null when they do. */
export function grantFault(
  roles: readonly AccessRole[],
  institutions: InstitutionScope,
): string | null {
  if (roles.length === 0) return '至少要有一个角色';
  const alone = roles.find((role) => ALONE.includes(role));
  if (alone !== undefined && roles.length > 1) return `角色${ROLE_NAMES[alone]}不能与其他角色并存`;
  if (institutions !== 'all' && institutions.length === 0) return '没有指明机构';
  if (roles.includes('member') && institutions === 'all') return '成员单位角色必须指明机构';
  if (roles.includes('security') && institutions !== 'all')
    return '安全管理员管理全部账号，不限机构';
  return null;
}
