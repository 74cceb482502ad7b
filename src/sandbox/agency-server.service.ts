import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ArrivalStore } from './arrivals.repository.js';
import {
  type AgencyBusiness,
  type Answer,
  businessKey,
  digestOf,
  type Request,
} from './business.js';
import { readEnvelope } from './envelope.js';
import { type Fault, FaultPlan, parseFaults } from './faults.js';
import { type SignatureDemand, signatureComplaint } from './signature.js';

export interface AgencyServerOptions {
  readonly business: AgencyBusiness;
  readonly arrivals: ArrivalStore;
  readonly faults: FaultPlan;
  readonly signature: SignatureDemand | null;
}

const MOST_BODY_BYTES = 32 << 20;

/** The wire of the stand-in agency: one path for all transactions, and a loopback switch for its faults. */
export class AgencyServer {
  private faults: FaultPlan;
  private received = 0;

  constructor(private readonly options: AgencyServerOptions) {
    this.faults = options.faults;
  }

  listen(port: number): Promise<{ readonly server: Server; readonly port: number }> {
    const server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        resolve({
          server,
          port: typeof address === 'object' && address !== null ? address.port : port,
        });
      });
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (request.method === 'PUT' && request.url === '/control/faults') {
      this.faults = new FaultPlan(parseFaults(body));
      response.writeHead(204).end();
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const complaint = this.signatureComplaint(request);
    if (complaint !== null) {
      sendJson(response, { code: 401, message: complaint });
      return;
    }
    const envelope = readEnvelope(body);
    if (typeof envelope === 'string') sendJson(response, this.reply(-1, envelope));
    else this.process(envelope, response);
  }

  private process(request: Request, response: ServerResponse): void {
    const fault = this.faults.next(request);
    const answer = answerUnder(fault, () => this.options.business.answer(request));
    this.options.arrivals.append({
      msgid: request.msgid,
      infno: request.infno,
      fixmedins_code: request.fixmedins_code,
      key: businessKey(request),
      content: digestOf(JSON.stringify(request.input)),
      outcome: answer === null ? 'unseen' : answer.kind === 'refusal' ? 'rejected' : 'accepted',
      fault,
    });
    if (fault === 'timeout') return; // the caller's patience ends it
    if (fault === 'drop-after' || fault === 'drop-before') response.destroy();
    else if (fault === 'unavailable') response.writeHead(503).end('busy');
    else if (fault === 'garbled') response.writeHead(200).end('<html>502 Bad Gateway</html>');
    else if (fault === 'unauthorised')
      sendJson(response, { code: 401, message: 'unknown access key' });
    else if (answer !== null) this.send(response, answer, fault);
  }

  private send(response: ServerResponse, answer: Answer, fault: Fault | null): void {
    if (fault === 'silent-error') sendJson(response, this.reply(0, 'FSI-系统异常[fileBO_156]'));
    else if (answer.kind === 'refusal') sendJson(response, this.reply(-1, answer.text));
    else if (answer.kind === 'file') {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(answer.content);
    } else {
      const code = fault === 'string-code' ? '0' : 0;
      const text = fault === 'warning' ? '提示：请及时办理清算' : '';
      sendJson(response, { ...this.reply(code, text), output: answer.output });
    }
  }

  private reply(infcode: number | string, err_msg: string): object {
    this.received += 1;
    const stamp = new Date().toISOString().replace(/\D/g, '');
    const serial = String(this.received % 10_000_000_000).padStart(10, '0');
    return {
      infcode,
      inf_refmsgid: `000000${stamp.slice(0, 14)}${serial}`,
      refmsg_time: stamp.slice(0, 17),
      respond_time: stamp.slice(0, 17),
      err_msg,
    };
  }

  private signatureComplaint(request: IncomingMessage): string | null {
    const { signature } = this.options;
    if (signature === null) return null;
    return signatureComplaint((name) => String(request.headers[name] ?? ''), signature, Date.now());
  }
}

/** Null = the message was never looked at. */
function answerUnder(fault: Fault | null, answer: () => Answer): Answer | null {
  if (fault === 'drop-before' || fault === 'unavailable' || fault === 'unauthorised') return null;
  if (fault === 'reject') return { kind: 'refusal', text: '经办机构拒绝受理[clrBO_001]' };
  if (fault === 'silent-error') return { kind: 'refusal', text: 'FSI-系统异常[fileBO_156]' };
  try {
    return answer();
  } catch (error) {
    return { kind: 'refusal', text: error instanceof Error ? error.message : 'error' };
  }
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json;charset=UTF-8' });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) throw new RangeError('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
