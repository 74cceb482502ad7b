import type { Request } from './business.js';

const REQUIRED = [
  'infno',
  'msgid',
  'mdtrtarea_admvs',
  'recer_sys_code',
  'infver',
  'opter_type',
  'opter',
  'opter_name',
  'inf_time',
  'fixmedins_code',
  'fixmedins_name',
] as const;

/** Reads an envelope as strictly as the real agency would; a text says what is wrong with it. */
export function readEnvelope(text: string): Request | string {
  const body = parsed(text);
  if (body === null) return '报文不是 JSON 对象';
  const missing = REQUIRED.filter((name) => typeof body[name] !== 'string' || body[name] === '');
  if (missing.length > 0) return `缺少 ${missing.join('、')}`;
  if (typeof body['input'] !== 'object' || body['input'] === null) return '缺少 input';
  const request = { sign_no: '', ...body } as unknown as Request;
  if (!/^[0-9A-Za-z]{12}\d{18}$/.test(request.msgid))
    return 'msgid 应为机构编号 12 位 + 时间 14 位 + 顺序号 4 位';
  if (!request.msgid.startsWith(request.fixmedins_code)) return 'msgid 与医药机构编号不符';
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(request.inf_time)) return 'inf_time 格式不符';
  return request;
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
