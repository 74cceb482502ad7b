import { userInfo } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Command, CommandRunner, Option, SubCommand } from 'nest-commander';
import type { Account } from '../access/account.js';
import {
  ACCESS_ROLES,
  type AccessRole,
  type InstitutionScope,
  ROLE_NAMES,
} from '../access/roles.js';
import type { IssuedPassword, UserService } from '../access/user.service.js';
import { loadLimits } from '../config/limits.loader.js';
import { loadConsortium } from '../ingest/consortium.loader.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';
import { print, printJson, printRows } from './output.js';

/** Who sits at the server's command line; the journal says so. */
function operator() {
  return { username: `cli:${userInfo().username}`, roles: [], address: 'cli' } as const;
}

/** What the subcommands share: the accounts of this site. */
@Injectable()
abstract class OnUsers extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  protected async work<T>(task: (users: UserService) => Promise<T>): Promise<T> {
    const { site } = this.database;
    const { consortium } = loadConsortium(site.siteDir, null);
    const limits = loadLimits(site.configDir).access;
    const { AccessModule } = await import('../access/access.module.js');
    const { UserService: service } = await import('../access/user.service.js');
    const { DATABASE_POOL } = await import('../database/tokens.js');
    const modules = [AccessModule.on(DATABASE_POOL, { consortium, limits })];
    return this.database.withModules(modules, (app) => task(app.get(service, { strict: false })));
  }

  @Option({ flags: '--json', description: '输出 JSON / print JSON' })
  json(): boolean {
    return true;
  }
}

@SubCommand({ name: 'list', description: '账号清单 / accounts' })
export class UserListCommand extends OnUsers {
  override async run(_: string[], { json }: { json?: boolean }): Promise<void> {
    const users = await this.work((service) => service.list());
    printRows(
      users.map(({ userId: _id, ...user }) => user),
      [
        { title: '用户名', cell: ({ username }) => username },
        { title: '角色', cell: ({ roles }) => roles.map((role) => ROLE_NAMES[role]).join('、') },
        { title: '机构', cell: institutionsText },
        { title: '状态', cell: stateText },
      ],
      { json },
    );
  }
}

function institutionsText({ institutions }: Pick<Account, 'institutions'>): string {
  return institutions === 'all' ? '全部' : institutions.join('、');
}

function stateText({ disabled, mustChangePassword }: Omit<Account, 'userId'>): string {
  if (disabled) return '已停用';
  return mustChangePassword ? '待改口令' : '可用';
}

interface GrantOptions {
  readonly roles: readonly AccessRole[];
  readonly institutions?: InstitutionScope;
  readonly json?: boolean;
}

/** Roles and institutions of an account. */
@Injectable()
abstract class Granting extends OnUsers {
  @Option({
    flags: '--roles <roles>',
    required: true,
    description: `角色，逗号分隔 / roles: ${ACCESS_ROLES.join(' ')}`,
  })
  roles(text: string): readonly AccessRole[] {
    return text.split(',').map((name) => {
      const known = ACCESS_ROLES.find((role) => role === name.trim());
      if (known === undefined)
        throw new UsageError(`没有角色 ${name}；可用：${ACCESS_ROLES.join(' ')}`);
      return known;
    });
  }

  @Option({
    flags: '--institutions <codes>',
    description: '可见的机构编码，逗号分隔，缺省全部 / institution codes, all by default',
  })
  institutions(text: string): InstitutionScope {
    if (text.trim() === 'all') return 'all';
    return text
      .split(',')
      .map((code) => code.trim())
      .filter((code) => code !== '');
  }
}

const USERNAME_ARGUMENT = {
  arguments: '<username>',
  argsDescription: { username: '用户名 / user name' },
} as const;

@SubCommand({
  name: 'create',
  ...USERNAME_ARGUMENT,
  description: '新建账号，口令只显示一次 / make an account; its password is shown once',
})
export class UserCreateCommand extends Granting {
  override async run(
    [username = '']: string[],
    { roles, institutions = 'all', json }: GrantOptions,
  ): Promise<void> {
    const grant = { username, roles, institutions };
    showPassword(await this.work((users) => users.create(grant, operator())), json);
  }
}

@SubCommand({
  name: 'grant',
  ...USERNAME_ARGUMENT,
  description: '改角色和机构，立即生效 / replace roles and institutions, at once',
})
export class UserGrantCommand extends Granting {
  override async run(
    [username = '']: string[],
    { roles, institutions = 'all', json }: GrantOptions,
  ): Promise<void> {
    await this.work((users) => users.grant({ username, roles, institutions }, operator()));
    if (json === true) printJson({ username, roles, institutions });
    else print(`已改 ${username} 的角色和机构`);
  }
}

@SubCommand({
  name: 'disable',
  ...USERNAME_ARGUMENT,
  description: '停用账号并结束其会话 / disable an account and end its sessions',
})
export class UserDisableCommand extends OnUsers {
  override async run(
    [username = '']: string[],
    { enable = false, json }: { enable?: boolean; json?: boolean },
  ): Promise<void> {
    await this.work((users) => users.setDisabled(username, !enable, operator()));
    if (json === true) printJson({ username, disabled: !enable });
    else print(`${enable ? '已恢复' : '已停用'} ${username}`);
  }

  @Option({ flags: '--enable', description: '恢复使用 / enable it again' })
  enable(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'reset-password',
  ...USERNAME_ARGUMENT,
  description: '重置口令，只显示一次 / give a new password, shown once',
})
export class UserResetPasswordCommand extends OnUsers {
  override async run([username = '']: string[], { json }: { json?: boolean }): Promise<void> {
    showPassword(await this.work((users) => users.resetPassword(username, operator())), json);
  }
}

function showPassword(issued: IssuedPassword, json: boolean | undefined): void {
  if (json === true) printJson(issued);
  else {
    print(`用户名 ${issued.username}`);
    print(`口令 ${issued.password}（只显示这一次，首次登录须改）`);
  }
}

@Command({
  name: 'user',
  description: '账号 / accounts',
  subCommands: [
    UserListCommand,
    UserCreateCommand,
    UserGrantCommand,
    UserDisableCommand,
    UserResetPasswordCommand,
  ],
})
export class UserCommand extends CommandRunner {
  /** Only reached without a subcommand. */
  override run(): Promise<void> {
    throw new UsageError('请写明 list、create、grant、disable 或 reset-password');
  }
}
