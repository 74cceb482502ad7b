import { Injectable } from '@nestjs/common';
import { CommandRunner, Option } from 'nest-commander';
import { loadConsortium } from '../ingest/consortium.loader.js';
import { abs, parseAmount } from '../kernel/money.js';
import { ENTRY_STATES, type EntryFilter, type EntryState } from '../quarantine/entry.js';
import { CliDatabase } from './cli-database.service.js';
import { UsageError } from './exit-code.js';

export interface FilterOptions {
  readonly institution?: string;
  readonly stream?: string;
  readonly rule?: string;
  readonly field?: string;
  readonly state?: readonly EntryState[];
  readonly minAge?: number;
  readonly minAmount?: bigint;
  readonly json?: boolean;
}

/** What the quarantine's subcommands share: which entries, and the services on this site's database. */
@Injectable()
export abstract class OnQuarantine extends CommandRunner {
  constructor(protected readonly database: CliDatabase) {
    super();
  }

  protected get consortium(): string {
    return loadConsortium(this.database.site.siteDir, null).consortium;
  }

  protected filterOf(options: FilterOptions): EntryFilter {
    const { institution, stream, rule, field, state: states, minAge, minAmount } = options;
    return {
      ...{
        consortium: this.consortium,
        institutions: 'all',
        institution,
        stream,
        rule,
        field,
        states,
      },
      ...{ minAgeDays: minAge, minFen: minAmount },
    };
  }

  @Option({ flags: '--institution <code>', description: '只看一个机构 / of one institution' })
  institution(code: string): string {
    return code;
  }

  @Option({ flags: '--stream <stream>', description: 'persons claims lines diagnoses procedures' })
  stream(name: string): string {
    return name;
  }

  @Option({
    flags: '--rule <rule>',
    description: '原因代码，如 unknown-value / why it was refused',
  })
  rule(name: string): string {
    return name;
  }

  @Option({ flags: '--field <field>', description: '标准字段名 / canonical field' })
  field(name: string): string {
    return name;
  }

  @Option({
    flags: '--state <states>',
    description: 'open proposed resolved dismissed，逗号分隔，缺省 open,proposed',
  })
  state(text: string): readonly EntryState[] {
    return text.split(',').map((name) => {
      const known = ENTRY_STATES.find((state) => state === name.trim());
      if (known === undefined)
        throw new UsageError(`没有状态 ${name}；可用：${ENTRY_STATES.join(' ')}`);
      return known;
    });
  }

  @Option({ flags: '--min-age <days>', description: '至少等待了多少天 / waiting for at least' })
  minAge(text: string): number {
    return wholeNumber(text, '天数');
  }

  @Option({
    flags: '--min-amount <yuan>',
    description: '金额（绝对值）至少多少元 / at least so much',
  })
  minAmount(text: string): bigint {
    const amount = parseAmount(text);
    if (amount === null) throw new UsageError(`不是金额：${text}`);
    return abs(amount);
  }

  @Option({ flags: '--json', description: '每条一个 JSON 对象 / one JSON object a row' })
  json(): boolean {
    return true;
  }
}

export function wholeNumber(text: string, what: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`不是${what}：${text}`);
  return Number(text);
}

export function entryNumber(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw new UsageError(`不是编号：${text}`);
  return text;
}
