import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Why this machine gives us no network namespaces; null when it does. */
export const noNamespaces: string | null = tryNamespace();

function tryNamespace(): string | null {
  if (process.platform !== 'linux') return 'not Linux';
  const name = `heyi-try-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (made.error !== undefined) return 'no ip command';
  if (made.status !== 0) return 'needs root';
  spawnSync('ip', ['netns', 'del', name]);
  return null;
}

/**
 * A host of its own as far as the network goes: a namespace joined to ours by a pair of interfaces. Servers that listen on loopback only
 * are reached through ports forwarded on our end of the pair.
 */
export class NetworkHost {
  private readonly forwards: Server[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly name: string,
    /** Our end, as the other host sees it. */
    readonly gateway: string,
  ) {}

  static open(number: number): NetworkHost {
    const name = `heyi-${process.pid}-${number}`;
    const [ours, theirs] = [`hy${process.pid}g${number}`, `hy${process.pid}h${number}`];
    const network = `10.213.${process.pid % 250}.${number * 4}`.split('.').slice(0, 3).join('.');
    const gateway = `${network}.${number * 4 + 1}`;
    ip('netns', 'add', name);
    ip('link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs, 'netns', name);
    ip('address', 'add', `${gateway}/30`, 'dev', ours);
    ip('link', 'set', ours, 'up');
    ip('-n', name, 'address', 'add', `${network}.${number * 4 + 2}/30`, 'dev', theirs);
    ip('-n', name, 'link', 'set', theirs, 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
    return new NetworkHost(name, gateway);
  }

  /** What stands before a command so that it runs there. */
  get prefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.name];
  }

  /** Makes a port of our loopback reachable from there, and gives the URL as seen from there. */
  async reach(url: string): Promise<string> {
    const there = new URL(url);
    const port = Number(there.port);
    const server = createServer((socket) => this.pipe(socket, port)).listen(port, this.gateway);
    await once(server, 'listening');
    this.forwards.push(server);
    there.hostname = this.gateway;
    return there.href;
  }

  close(): void {
    for (const server of this.forwards) server.close();
    for (const socket of this.sockets) socket.destroy();
    spawnSync('ip', ['netns', 'del', this.name]); // its pair of interfaces goes with it
  }

  private pipe(socket: Socket, port: number): void {
    const other = connect(port, '127.0.0.1');
    for (const [end, far] of [
      [socket, other],
      [other, socket],
    ] as const) {
      this.sockets.add(end);
      end
        .on('error', () => far.destroy())
        .on('close', () => {
          this.sockets.delete(end);
          far.destroy();
        });
    }
    socket.pipe(other).pipe(socket);
  }
}

function ip(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}
