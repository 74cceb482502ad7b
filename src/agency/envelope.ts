import { chinaTime } from './message-id.js';
import type { NationalInput } from './national-names.js';
import type { AgencySettings } from './profile.js';

export interface EnvelopeRequest {
  readonly transactionCode: string;
  readonly institution: string;
  readonly messageId: string;
  /** Empty for the sign-in itself. */
  readonly signInNo: string;
  readonly at: Date;
  readonly input: NationalInput;
}

/** The request envelope. One institution an envelope: the agency knows no consortium here. */
export function envelopeOf(request: EnvelopeRequest, { profile, site }: AgencySettings): object {
  const unit = site.settlementUnits.find(({ institution }) => institution === request.institution);
  return {
    infno: request.transactionCode,
    msgid: request.messageId,
    mdtrtarea_admvs: site.treatmentArea,
    insuplc_admdvs: '',
    recer_sys_code: profile.receiver,
    dev_no: '',
    dev_safe_info: '',
    cainfo: '',
    signtype: '',
    infver: profile.interfaceVersion,
    opter_type: site.operator.type,
    opter: site.operator.code,
    opter_name: site.operator.name,
    inf_time: chinaTime(request.at),
    fixmedins_code: request.institution,
    fixmedins_name: unit?.name ?? request.institution,
    sign_no: request.signInNo,
    input: request.input,
  };
}

/** What came back over the wire, before anyone asks what it means. */
export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export type Reply =
  /** infcode 0. `output` may still lack what was asked for; `text` is a warning, or the error the agency hides there. */
  | {
      readonly kind: 'answered';
      readonly body: Readonly<Record<string, unknown>>;
      readonly text: string;
    }
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  /** Refused by the agency, or by the gateway before it. */
  | { readonly kind: 'refused'; readonly code: string; readonly text: string }
  /** Too many requests: not taken, may be repeated. */
  | { readonly kind: 'busy' }
  /** Nothing to conclude from: it may have taken effect. */
  | { readonly kind: 'unreadable'; readonly text: string };

const MOST_TEXT = 500;
const TOO_MANY_REQUESTS = 429;

/** Sorts an answer. The result code counts as 0 whether it came as a number or a string. */
export function readReply({ status, contentType, bytes }: WireAnswer): Reply {
  if (status === TOO_MANY_REQUESTS) return { kind: 'busy' };
  if (status >= 500) return { kind: 'unreadable', text: `HTTP ${status}` };
  if (status === 200 && contentType.startsWith('application/octet-stream')) {
    return { kind: 'file', bytes };
  }
  const body = jsonObject(bytes);
  if (body === null && status >= 400) return { kind: 'refused', code: `HTTP ${status}`, text: '' };
  if (body === null) return { kind: 'unreadable', text: '应答不是 JSON' };
  const text = textOf(body['err_msg'] ?? body['message'] ?? body['msg']);
  const code = textOf(body['infcode']);
  if (code === '0') return { kind: 'answered', body, text };
  if (code !== '') return { kind: 'refused', code, text };
  const gatewayCode = textOf(body['code']);
  if (gatewayCode !== '') return { kind: 'refused', code: gatewayCode, text };
  return { kind: 'unreadable', text: '应答没有交易状态码' };
}

function jsonObject(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    return isObject ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number'
    ? printable(String(value)).slice(0, MOST_TEXT)
    : '';
}

/** PostgreSQL holds no NUL, and lone surrogates are no text. */
function printable(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '�');
}
