import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** What a statement is answered with. `never`: the server works on it until it is told to stop. */
export type TdsAnswer =
  | { readonly columns: readonly TdsType[]; readonly rows: Iterable<readonly TdsCell[]> }
  | { readonly error: number; readonly message: string }
  | 'done'
  | 'never';
export type TdsType = 'nvarchar' | 'float' | 'real';
export type TdsCell = string | number | null;

const PACKET = { prelogin: 0x12, login: 0x10, batch: 0x01, attention: 0x06, reply: 0x04 } as const;
const PACKET_BYTES = 4096;
const HEADER_BYTES = 8;
const STATUS_LAST = 1;
const STATUS_IGNORE = 2;
const DONE_ERROR = 0x02;
const DONE_ATTENTION = 0x20;

/**
 * Speaks enough of the TDS 7.4 protocol for a driver to log in, run batches and cancel them. It is no SQL Server: what a statement
 * means is decided by `answer`. It shows what really passes over the wire: packets, back-pressure, attention.
 */
export class TdsStandIn {
  /** Statements received, in order. */
  readonly statements: string[] = [];
  /** Connections that logged in. */
  logins = 0;
  /** Rows handed to the network. */
  rowsSent = 0;
  /** Statements being worked on. */
  running = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly answer: (sql: string) => TdsAnswer) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => {});
      this.serve(socket);
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** Hangs up on everybody; new connections are welcome. */
  hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.hangUp();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    let stop = new AbortController();
    stop.abort(); // nothing is running
    const handlers: Readonly<Record<number, (payload: Buffer, status: number) => void>> = {
      [PACKET.prelogin]: () => socket.write(packet(PRELOGIN, true)),
      [PACKET.login]: () => {
        this.logins += 1;
        socket.write(packet(Buffer.concat([LOGIN_ACK, done(0)]), true));
      },
      [PACKET.attention]: () => {
        if (stop.signal.aborted) socket.write(packet(done(DONE_ATTENTION), true));
        stop.abort();
      },
      [PACKET.batch]: (payload, status) => {
        if ((status & STATUS_IGNORE) !== 0) {
          socket.write(packet(done(DONE_ERROR), true));
          return;
        }
        stop = new AbortController();
        const sql = payload.subarray(payload.readUInt32LE(0)).toString('utf16le');
        void this.run(socket, sql, stop);
      },
    };
    socket.on(
      'data',
      packets((type, status, payload) => handlers[type]?.(payload, status)),
    );
  }

  private async run(socket: Socket, sql: string, stop: AbortController): Promise<void> {
    const { signal } = stop;
    this.statements.push(sql);
    this.running += 1;
    const reply = new Reply(socket);
    const answer = /^set (?!nocount)/i.test(sql) ? 'done' : this.answer(sql);
    if (answer === 'never') await aborted(signal);
    else if (answer === 'done') await reply.write(done(0));
    else if ('error' in answer) {
      await reply.write(Buffer.concat([errorToken(answer), done(DONE_ERROR)]));
    } else await this.sendRows(reply, answer, signal);
    const wasStopped = signal.aborted;
    if (wasStopped) await reply.write(done(DONE_ERROR));
    await reply.end();
    this.running -= 1;
    stop.abort();
    if (wasStopped) socket.write(packet(done(DONE_ATTENTION), true));
  }

  private async sendRows(
    reply: Reply,
    { columns, rows }: Extract<TdsAnswer, { readonly rows: unknown }>,
    stop: AbortSignal,
  ): Promise<void> {
    await reply.write(columnTokens(columns));
    for (const row of rows) {
      if (stop.aborted) return;
      await reply.write(rowToken(columns, row), stop);
      this.rowsSent += 1;
    }
    await reply.write(done(0));
  }
}

/** One message, cut into packets; waits while the reader does not take them. */
class Reply {
  private waiting = Buffer.alloc(0);

  constructor(private readonly socket: Socket) {}

  async write(bytes: Buffer, stop?: AbortSignal): Promise<void> {
    this.waiting = Buffer.concat([this.waiting, bytes]);
    const room = PACKET_BYTES - HEADER_BYTES;
    while (this.waiting.length > room) {
      const full = this.waiting.subarray(0, room);
      this.waiting = this.waiting.subarray(room);
      if (this.socket.destroyed) return;
      if (this.socket.write(packet(full, false))) continue;
      await Promise.race([
        once(this.socket, 'drain').catch(() => {}),
        ...(stop === undefined ? [] : [aborted(stop)]),
      ]);
    }
  }

  async end(): Promise<void> {
    this.socket.write(packet(this.waiting, true));
  }
}

/** Puts packets together into messages. */
function packets(
  received: (type: number, status: number, payload: Buffer) => void,
): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0);
  let message: Buffer[] = [];
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= HEADER_BYTES && pending.length >= pending.readUInt16BE(2)) {
      const length = pending.readUInt16BE(2);
      const [type = 0, status = 0] = pending;
      message.push(pending.subarray(HEADER_BYTES, length));
      pending = pending.subarray(length);
      if ((status & STATUS_LAST) === 0) continue;
      const payload = Buffer.concat(message);
      message = [];
      received(type, status, payload);
    }
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function packet(payload: Buffer, isLast: boolean): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = PACKET.reply;
  header[1] = isLast ? 1 : 0;
  header.writeUInt16BE(payload.length + HEADER_BYTES, 2);
  header[6] = 1;
  return Buffer.concat([header, payload]);
}

/** Version 16.0, no encryption, no instance, no MARS. */
const PRELOGIN = Buffer.from([
  0, 0, 16, 0, 6, 1, 0, 22, 0, 1, 4, 0, 23, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2, 0,
]);

const LOGIN_ACK = loginAck();

function loginAck(): Buffer {
  const name = text('stand-in');
  const body = Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), name, Buffer.from([16, 0, 0, 0])]);
  return Buffer.concat([Buffer.from([0xad]), uint16(body.length), body]);
}

function done(status: number): Buffer {
  const token = Buffer.alloc(13);
  token[0] = 0xfd;
  token.writeUInt16LE(status, 1);
  return token;
}

function errorToken({
  error,
  message,
}: {
  readonly error: number;
  readonly message: string;
}): Buffer {
  const number = Buffer.alloc(4);
  number.writeInt32LE(error);
  const body = Buffer.concat([
    number,
    Buffer.from([1, 16]),
    uint16(message.length),
    Buffer.from(message, 'utf16le'),
    text(''),
    text(''),
    Buffer.alloc(4),
  ]);
  return Buffer.concat([Buffer.from([0xaa]), uint16(body.length), body]);
}

const NVARCHAR_BYTES = 8000;

function columnTokens(columns: readonly TdsType[]): Buffer {
  const described = columns.map((type) => {
    const kind =
      type === 'nvarchar'
        ? Buffer.from([0xe7, NVARCHAR_BYTES & 0xff, NVARCHAR_BYTES >> 8, 4, 8, 0xd0, 0, 0])
        : Buffer.from([0x6d, type === 'float' ? 8 : 4]);
    return Buffer.concat([Buffer.alloc(4), Buffer.from([9, 0]), kind, text('')]);
  });
  return Buffer.concat([Buffer.from([0x81]), uint16(columns.length), ...described]);
}

function rowToken(columns: readonly TdsType[], row: readonly TdsCell[]): Buffer {
  const cells = row.map((cell, index) =>
    columns[index] === 'nvarchar' ? textCell(cell) : floatCell(cell, columns[index] === 'float'),
  );
  return Buffer.concat([Buffer.from([0xd1]), ...cells]);
}

function textCell(cell: TdsCell): Buffer {
  if (cell === null) return uint16(0xffff);
  const bytes = Buffer.from(String(cell), 'utf16le');
  return Buffer.concat([uint16(bytes.length), bytes]);
}

function floatCell(cell: TdsCell, isDouble: boolean): Buffer {
  if (cell === null) return Buffer.from([0]);
  const bytes = Buffer.alloc(isDouble ? 9 : 5);
  bytes[0] = bytes.length - 1;
  if (isDouble) bytes.writeDoubleLE(Number(cell), 1);
  else bytes.writeFloatLE(Number(cell), 1);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value, 'utf16le')]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
