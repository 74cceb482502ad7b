import { once } from 'node:events';
import { Command, CommandRunner, Option } from 'nest-commander';
import { ROLES, type Role } from '../app/role.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { print } from './output.js';

const DEFAULT_PORT = 7300;

interface ServeOptions {
  readonly role?: Role;
  readonly port?: number;
}

@Command({
  name: 'serve',
  description: '启动网关进程，直到 Ctrl-C / run the gateway until Ctrl-C',
})
export class ServeCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(
    _: string[],
    { role = 'all', port = DEFAULT_PORT }: ServeOptions,
  ): Promise<void> {
    const { CONNECTIONS, startProcess } = await import('../app/process.launcher.js');
    await this.database.use(
      async ({ pool }) => {
        const { site } = this.database;
        const { app, api, firstUser } = await startProcess(role, { pool, site, port });
        print(
          api === null
            ? `已启动（${role}）`
            : `已启动（${role}）${api.url}，接口说明 ${api.docsUrl}`,
        );
        if (firstUser !== null) {
          const { announceFirstUser } = await import('../app/first-user.launcher.js');
          const isTerminal = process.stdout.isTTY === true;
          for (const line of announceFirstUser(firstUser, { dataDir: site.dataDir, isTerminal }))
            print(line);
        }
        for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
        await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
        await app.close();
      },
      { connections: CONNECTIONS[role] },
    );
  }

  @Option({
    flags: '--role <role>',
    description: `进程的角色 / what the process does: ${ROLES.join(' | ')}（默认 all）`,
  })
  role(text: string): Role {
    const role = ROLES.find((each) => each === text);
    if (role === undefined) throw new UsageError(`--role 应为 ${ROLES.join('、')} 之一`);
    return role;
  }

  @Option({
    flags: '--port <port>',
    description: `接口的端口 / port of the API（默认 ${DEFAULT_PORT}）`,
  })
  port(text: string): number {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError('端口有误');
    return port;
  }
}
