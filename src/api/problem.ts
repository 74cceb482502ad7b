import { GatewayError } from '../kernel/errors.js';

/** A failure as RFC 9457 describes it, with what to do about it. */
export interface Problem {
  /** `urn:heyi:problem:<code>`: for programs; stays the same when the wording changes. */
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly code: string;
  readonly remedy?: string;
}

interface Kind {
  readonly title: string;
  readonly code: string;
}

const KINDS: Readonly<Record<number, Kind>> = {
  400: { title: '请求有误 / Bad request', code: 'api.bad_request' },
  401: { title: '尚未登录 / Not signed in', code: 'access.not_signed_in' },
  403: { title: '不允许 / Forbidden', code: 'access.not_allowed' },
  404: { title: '没有找到 / Not found', code: 'api.not_found' },
  405: { title: '方法不适用 / Method not allowed', code: 'api.method' },
  409: { title: '与现状冲突 / Conflict', code: 'api.conflict' },
  413: { title: '请求太大 / Content too large', code: 'api.too_large' },
  415: { title: '内容类型不适用 / Unsupported media type', code: 'api.media_type' },
  422: { title: '无法处理 / Unprocessable', code: 'api.unprocessable' },
  423: { title: '暂时锁定 / Locked', code: 'api.locked' },
  429: { title: '请求太多 / Too many requests', code: 'api.too_many' },
  500: { title: '内部错误 / Internal error', code: 'api.internal' },
  503: { title: '暂时不能应答 / Unavailable', code: 'api.unavailable' },
};

const INTERNAL: Kind = { title: '内部错误 / Internal error', code: 'api.internal' };

/** Statuses of the errors people can cause or mend; whatever else we raise on purpose is 422. */
const STATUS_OF: Readonly<Record<string, number>> = {
  'access.forged_request': 403,
  'access.last_administrator': 409,
  'access.locked_out': 429,
  'access.not_allowed': 403,
  'access.not_signed_in': 401,
  'access.own_account': 409,
  'access.password_change_required': 403,
  'access.sign_in_refused': 401,
  'access.unknown_user': 404,
  'access.user_exists': 409,
  'api.insecure': 403,
  'api.repeated_differently': 422,
  'api.still_running': 409,
  'api.too_many': 429,
  'api.too_many_streams': 429,
  'api.unavailable': 503,
  'review.already_decided': 409,
  'review.attachment_too_large': 413,
  'review.four_eyes': 409,
  'review.not_open': 409,
  'review.not_party': 403,
  'review.panel': 409,
  'review.short_path': 409,
  'review.unknown_finding': 404,
  'input.nothing_to_redo': 404,
  'jobs.run_busy': 409,
  'database.unreachable': 503,
};

/** Parts of codes that say the same in every folder: `quarantine.unknown_entry`, `sync.already_done`. */
const STATUS_BY_WORD: readonly (readonly [RegExp, number])[] = [
  [/\.(unknown|no_such|not_found)/, 404],
  [/\.(already|busy|closed|conflict|delivered|same_person|stale|superseded|wrong_state)/, 409],
];

export function problemOf(status: number, detail?: string): Problem {
  const kind = KINDS[status] ?? (status < 500 ? KINDS[400] : INTERNAL) ?? INTERNAL;
  return { ...described(kind), status, ...(detail !== undefined && { detail }) };
}

export function problemOfGateway({ code, message, remedy }: GatewayError): Problem {
  const status =
    STATUS_OF[code] ?? STATUS_BY_WORD.find(([pattern]) => pattern.test(code))?.[1] ?? 422;
  const { title } = KINDS[status] ?? INTERNAL;
  return { ...described({ title, code }), status, detail: message, remedy };
}

function described({ title, code }: Kind): Pick<Problem, 'code' | 'title' | 'type'> {
  return { type: `urn:heyi:problem:${code}`, title, code };
}

/** Text that PostgreSQL does not store: a NUL, or half a character. Nobody types it by mistake. */
const UNSTORABLE = /^(22021|22P05)$/;

/** Whether the database refused a text of the request as such. */
export function isUnstorable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNSTORABLE.test(String(error.code));
}

/** SQLSTATEs and driver messages that mean: not now, try again. */
const NOT_NOW = /^(53\d{3}|57P0[123]|57014|08\d{3}|55P03|40001|40P01)$/;
const NO_CONNECTION =
  /timeout exceeded when trying to connect|Connection terminated|ECONNREFUSED|ECONNRESET|Cannot use a pool after calling end/;

/** Whether the database is too busy, unreachable or just now restarting. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof GatewayError) return false;
  const code = 'code' in error ? String(error.code) : '';
  return NOT_NOW.test(code) || NO_CONNECTION.test(`${code} ${error.message}`);
}
