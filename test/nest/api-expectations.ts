import type { AccessRole } from '../../src/access/roles.js';
import { attachmentDigest, type Ids, OWN, stayOf } from './api-seed.js';

/**
 * Who may call what, written down once more by hand and not derived from the product's own table: a route that is missing here, or
 * answers otherwise, fails the test.
 *
 * A: auditor, C: compliance, F: finance, I: it, M: member, S: security
 */
type Letters = string;

const LETTER: Readonly<Record<string, AccessRole>> = {
  A: 'auditor',
  C: 'compliance',
  F: 'finance',
  I: 'it',
  M: 'member',
  S: 'security',
};

export type Rows =
  | 'institution' // rows of institutions: those one sees
  | 'consortium' // of all: only for people who see all
  | 'nobody' // speaks of no institution
  | 'self'
  | 'open';

export interface Expectation {
  readonly method: string;
  readonly path: string;
  readonly roles: ReadonlySet<AccessRole>;
  readonly rows: Rows;
  /** Path parameters that stand for one institution's row. */
  readonly ids?: (ids: Ids) => Readonly<Record<string, string>>;
  /** Body with which the request would do no harm, or none. */
  readonly body?: unknown;
  readonly query?: string;
}

function expect(
  letters: Letters,
  rows: Rows,
  route: string,
  more: Pick<Expectation, 'body' | 'ids' | 'query'> = {},
): Expectation {
  const [method = '', path = ''] = route.split(' ');
  const roles = new Set([...letters].flatMap((letter) => LETTER[letter] ?? []));
  return { method, path, roles, rows, ...more };
}

const reason = { reason: '接口权限检查' };
const everybody = 'ACFIMS';

const claimOf = ({ claim }: Pick<Ids, 'claim'>) => {
  const [institution = '', claimNo = ''] = claim.split('/');
  return { institution, claimNo };
};
const memberOf = ({ claim }: Ids) => ({ institution: claimOf({ claim }).institution });
const statementOf = (ids: Ids) => ({ run: '2024', ...memberOf(ids) });
const caseOf = ({ finding }: Ids) => ({ findingId: finding });
const attachmentOf = (ids: Ids) => ({ ...caseOf(ids), digest: attachmentDigest(ids.finding) });
const entryOf = ({ quarantine }: Ids) => ({ id: quarantine });

export const EXPECTATIONS: readonly Expectation[] = [
  expect(everybody, 'open', 'GET /healthz'),
  expect(everybody, 'open', 'GET /readyz'),
  expect(everybody, 'open', 'GET /metrics'),
  expect(everybody, 'open', 'POST /api/v1/session'),
  expect(everybody, 'self', 'GET /api/v1/session'),
  expect(everybody, 'self', 'DELETE /api/v1/session'),
  expect(everybody, 'self', 'PUT /api/v1/session/password'),

  expect('AS', 'consortium', 'GET /api/v1/users'),
  expect('S', 'consortium', 'POST /api/v1/users'),
  expect('S', 'consortium', 'PUT /api/v1/users/{username}/grant'),
  expect('S', 'consortium', 'POST /api/v1/users/{username}/disable'),
  expect('S', 'consortium', 'POST /api/v1/users/{username}/enable'),
  expect('S', 'consortium', 'POST /api/v1/users/{username}/password'),

  expect('ACFIM', 'institution', 'GET /api/v1/batches'),
  expect('ACFIM', 'institution', 'GET /api/v1/batches/export', { query: 'format=csv' }),
  expect('ACFIM', 'institution', 'GET /api/v1/certificates'),
  expect('ACFIM', 'institution', 'GET /api/v1/certificates/{id}', {
    ids: ({ batch }) => ({ id: batch }),
  }),

  expect('ACIM', 'institution', 'GET /api/v1/quarantine'),
  expect('ACIM', 'institution', 'GET /api/v1/quarantine/export', { query: 'format=csv' }),
  expect('ACIM', 'institution', 'GET /api/v1/quarantine/groups'),
  expect('ACIM', 'institution', 'GET /api/v1/quarantine/account'),
  expect('ACIM', 'institution', 'GET /api/v1/quarantine/{id}', { ids: entryOf }),
  expect('CI', 'institution', 'POST /api/v1/quarantine/{id}/unmask', {
    ids: entryOf,
    body: reason,
  }),
  expect('I', 'institution', 'POST /api/v1/quarantine/corrections'),
  expect('I', 'institution', 'POST /api/v1/quarantine/{id}/corrections', {
    ids: entryOf,
    query: 'preview=true',
    body: { cells: { totalFee: '1' }, ...reason },
  }),
  expect('I', 'institution', 'POST /api/v1/quarantine/{id}/dismissals', {
    ids: entryOf,
    body: { cause: 'other', ...reason },
  }),
  expect('I', 'institution', 'POST /api/v1/quarantine/{id}/withdrawal', { ids: entryOf }),
  expect('C', 'institution', 'POST /api/v1/quarantine/approvals'),
  expect('C', 'institution', 'POST /api/v1/quarantine/{id}/rejection', {
    ids: entryOf,
    body: reason,
  }),

  expect('ACFM', 'institution', 'GET /api/v1/claims'),
  expect('ACFM', 'institution', 'GET /api/v1/claims/export', { query: 'format=csv' }),
  expect('ACFM', 'institution', 'GET /api/v1/claims/{institution}/{claimNo}', { ids: claimOf }),
  expect('C', 'institution', 'POST /api/v1/claims/{institution}/{claimNo}/unmask', {
    ids: claimOf,
    body: reason,
  }),
  expect('ACFIM', 'institution', 'GET /api/v1/adjustments'),
  expect('ACFIM', 'institution', 'GET /api/v1/refunds'),

  expect('ACFIM', 'institution', 'GET /api/v1/withdrawals'),
  expect('ACFIM', 'institution', 'GET /api/v1/sync/{institution}/impact', {
    ids: memberOf,
    query: 'from=2024-03-01&to=2024-03-12',
  }),
  expect('I', 'institution', 'POST /api/v1/sync/{institution}/rewinds', {
    ids: memberOf,
    body: { stream: 'claims', day: '2024-03-01', ...reason },
  }),

  expect('ACFIM', 'institution', 'GET /api/v1/sync/{institution}/work', { ids: memberOf }),
  ...['comparisons', 'backfills'].map((what) =>
    expect('I', 'institution', `POST /api/v1/sync/{institution}/${what}`, {
      ids: memberOf,
      query: 'preview=true',
      body: { from: '2024-03-01', to: '2024-03-12', ...reason },
    }),
  ),

  expect('ACIM', 'institution', 'GET /api/v1/crosswalk'),
  expect('ACIM', 'institution', 'GET /api/v1/crosswalk/imports'),
  expect('ACIM', 'institution', 'GET /api/v1/crosswalk/{institution}/suggestions', {
    ids: memberOf,
  }),
  expect('ACIM', 'institution', 'GET /api/v1/crosswalk/{institution}/sheet', { ids: memberOf }),
  expect('I', 'institution', 'POST /api/v1/crosswalk/{institution}/imports', { ids: memberOf }),
  expect('C', 'institution', 'POST /api/v1/crosswalk/imports/{id}/approval', {
    ids: ({ crosswalk }) => ({ id: crosswalk }),
  }),
  expect('C', 'institution', 'POST /api/v1/crosswalk/imports/{id}/rejection', {
    ids: ({ crosswalk }) => ({ id: crosswalk }),
    body: reason,
  }),

  expect('ACFM', 'institution', 'GET /api/v1/findings'),
  expect('ACFM', 'institution', 'GET /api/v1/findings/export', { query: 'format=csv' }),
  expect('ACFM', 'institution', 'GET /api/v1/findings/{id}', {
    ids: ({ finding }) => ({ id: finding }),
  }),
  expect('C', 'consortium', 'POST /api/v1/findings/confirmations'),
  expect('C', 'consortium', 'POST /api/v1/findings/{id}/confirmation'),
  expect('C', 'consortium', 'POST /api/v1/findings/{id}/dismissal'),

  expect('ACFM', 'institution', 'GET /api/v1/reviews'),
  expect('ACFM', 'institution', 'GET /api/v1/reviews/export', { query: 'format=csv' }),
  expect('ACFM', 'nobody', 'GET /api/v1/reviews/opinions'),
  expect('ACFM', 'institution', 'GET /api/v1/reviews/{findingId}', { ids: caseOf }),
  expect('ACM', 'institution', 'GET /api/v1/reviews/{findingId}/attachments/{digest}', {
    ids: attachmentOf,
  }),
  ...['open', 'first-review', 'feedback', 'sample'].map((act) =>
    expect('C', 'consortium', `POST /api/v1/reviews/${act}`),
  ),
  expect('C', 'consortium', 'POST /api/v1/reviews/sweep', { query: 'preview=true' }),
  ...['first-review', 'feedback', 'second-review', 'votes', 'final', 'reverse', 'assign'].map(
    (act) => expect('C', 'consortium', `POST /api/v1/reviews/{findingId}/${act}`, { ids: caseOf }),
  ),
  ...['accept', 'appeal', 'acknowledge'].map((act) =>
    expect('M', 'institution', `POST /api/v1/reviews/{findingId}/${act}`, {
      ids: caseOf,
      query: 'preview=true',
      body: { institution: OWN, reasonCode: 'ACCEPT' },
    }),
  ),

  expect('ACFM', 'institution', 'GET /api/v1/figures'),
  expect('ACFM', 'institution', 'GET /api/v1/figures/export', { query: 'format=csv' }),
  expect('ACFM', 'institution', 'GET /api/v1/figures/{id}', {
    ids: ({ figure }) => ({ id: figure }),
  }),
  expect('ACF', 'consortium', 'GET /api/v1/figures/{id}/claims', {
    ids: ({ figure }) => ({ id: figure }),
  }),
  expect('ACFM', 'institution', 'GET /api/v1/statements/responses'),
  expect('ACF', 'consortium', 'GET /api/v1/statements/{run}/group/{party}', {
    ids: () => ({ run: '2024', party: 'agency' }),
  }),
  expect('ACFM', 'institution', 'GET /api/v1/statements/{run}/members/{institution}', {
    ids: statementOf,
  }),
  expect(
    'M',
    'institution',
    'POST /api/v1/statements/{run}/members/{institution}/acknowledgement',
    {
      ids: statementOf,
    },
  ),
  expect('M', 'institution', 'POST /api/v1/statements/{run}/members/{institution}/disputes', {
    ids: statementOf,
    body: { line: '1', ...reason },
  }),
  expect('F', 'consortium', 'POST /api/v1/statements/responses/{id}/answer', {
    body: { outcome: 'refused', ...reason },
  }),
  expect('ACF', 'consortium', 'GET /api/v1/deduction-sheets/{month}/group/{party}', {
    ids: () => ({ month: '2024-03', party: 'lead' }),
  }),
  expect('ACFM', 'institution', 'GET /api/v1/deduction-sheets/{month}/members/{institution}', {
    ids: (ids) => ({ month: '2024-03', ...memberOf(ids) }),
  }),
  expect('ACF', 'consortium', 'GET /api/v1/deadlines', { query: 'on=2025-07-02' }),
  expect('ACFIM', 'institution', 'GET /api/v1/differences'),
  expect('ACFIM', 'institution', 'GET /api/v1/differences/export', { query: 'format=csv' }),

  expect('ACFIM', 'institution', 'GET /api/v1/lists'),
  expect('ACFIM', 'institution', 'GET /api/v1/lists/check', { query: 'month=2024-03' }),
  expect('ACFIM', 'institution', 'GET /api/v1/lists/standing', { query: 'month=2024-03' }),
  expect('ACFIM', 'institution', 'GET /api/v1/lists/{institution}/{claimNo}', {
    ids: (ids) => ({ ...memberOf(ids), claimNo: stayOf(memberOf(ids).institution) }),
  }),
  expect('F', 'consortium', 'POST /api/v1/lists/push', {
    query: 'preview=true',
    body: { month: '2024-03', ...reason },
  }),
  expect('F', 'consortium', 'POST /api/v1/lists/submission', {
    query: 'preview=true',
    body: { month: '2024-03', ...reason },
  }),
  expect('F', 'consortium', 'POST /api/v1/lists/count'),

  expect('ACFI', 'consortium', 'GET /api/v1/runs'),
  expect('ACFI', 'consortium', 'GET /api/v1/runs/{id}'),
  expect('ACFI', 'consortium', 'GET /api/v1/runs/{id}/progress'),
  expect('I', 'consortium', 'POST /api/v1/runs'),
  expect('I', 'consortium', 'POST /api/v1/runs/{id}/stages/{stage}/rerun'),
  expect('I', 'consortium', 'POST /api/v1/work/{item}/retry'),
  expect('F', 'consortium', 'POST /api/v1/settlements'),
  expect('F', 'consortium', 'POST /api/v1/settlements/start'),
  expect('F', 'consortium', 'POST /api/v1/settlements/release'),

  expect('ACFI', 'consortium', 'GET /api/v1/journal/head'),
  expect('ACFI', 'consortium', 'GET /api/v1/journal/verification'),
  expect('A', 'consortium', 'GET /api/v1/journal/entries'),
  expect('A', 'consortium', 'GET /api/v1/operators'),
];
