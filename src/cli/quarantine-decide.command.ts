import { Injectable } from '@nestjs/common';
import { Option, SubCommand } from 'nest-commander';
import { loadLimits } from '../config/limits.loader.js';
import { DISMISSAL_CAUSES, type DismissalCause } from '../quarantine/entry.js';
import { EXIT, UsageError } from './exit-code.js';
import { print, printJson } from './output.js';
import { entryNumber, type FilterOptions, OnQuarantine } from './quarantine-filter.command.js';
import { printOutcomes, printPreview } from './quarantine-outcome.js';

type Cells = Readonly<Record<string, string>>;

interface Signed extends FilterOptions {
  readonly as: string;
  readonly reason: string;
}

/** Who decides: part of every decision. */
@Injectable()
abstract class Deciding extends OnQuarantine {
  @Option({ flags: '--as <user>', required: true, description: '经办人或复核人 / who decides' })
  as(user: string): string {
    return user;
  }

  protected key(entry: string) {
    return { consortium: this.consortium, institutions: 'all', entry: entryNumber(entry) } as const;
  }

  /** Entries that one command takes on. */
  protected get mostEntries(): number {
    return loadLimits(this.database.site.configDir).sheets.entriesAtOnce;
  }

  protected async proposals() {
    const { ProposalService } = await import('../quarantine/proposal.service.js');
    return this.service(ProposalService);
  }

  protected async approvals() {
    const { ApprovalService } = await import('../quarantine/approval.service.js');
    return this.service(ApprovalService);
  }

  private async service<T>(type: new (...given: never[]) => T) {
    const { QuarantineModule } = await import('../quarantine/quarantine.module.js');
    return <R>(work: (service: T) => Promise<R>): Promise<R> =>
      this.database.withModules([QuarantineModule], (app) => work(app.get(type)));
  }
}

/** Also says why. */
@Injectable()
abstract class Reasoned extends Deciding {
  @Option({ flags: '--reason <text>', required: true, description: '理由 / why' })
  reason(text: string): string {
    return text;
  }
}

interface CorrectOptions extends Signed {
  readonly set: Cells;
  readonly when?: Cells;
  readonly dryRun?: boolean;
}

@SubCommand({
  name: 'correct',
  arguments: '[entry]',
  argsDescription: { entry: '编号；不写则按筛选条件批量提出 / number, or none and a filter' },
  description: '提出更正，由另一人复核后重放；原始行不变 / propose a corrected row',
})
export class QuarantineCorrectCommand extends Reasoned {
  override async run([entry]: string[], options: CorrectOptions): Promise<void> {
    if (entry === undefined) return this.many(options);
    const { set: cells, as: by, reason, json = false, dryRun = false } = options;
    const request = { ...this.key(entry), cells };
    const use = await this.proposals();
    const preview = await use((service) =>
      dryRun
        ? service.preview(request)
        : service.correct({ ...request, by, reason }).then((done) => done.preview),
    );
    printPreview(preview, json);
    if (preview.refusals.length > 0) process.exitCode = EXIT.failed;
    else if (!dryRun && !json)
      print(`已提出，待另一人复核：heyi quarantine approve ${entry} --as <复核人>`);
  }

  private async many(options: CorrectOptions): Promise<void> {
    const { set: cells, when = {}, as: by, reason, dryRun = false, json = false } = options;
    if (options.rule === undefined)
      throw new UsageError('批量更正须写明 --rule，以及 --when 限定取值');
    const filter = this.filterOf(options);
    const use = await this.proposals();
    const outcomes = await use((service) =>
      service.correctMany({ filter, when, cells, by, reason, dryRun, limit: this.mostEntries }),
    );
    printOutcomes(outcomes, dryRun ? '可以更正' : '已提出', json);
  }

  @Option({
    flags: '--set <field=value>',
    required: true,
    description: '字段或来源列的正确值，可多次 / what it should have been',
  })
  set(text: string, others: Cells = {}): Cells {
    return { ...others, ...assignment(text) };
  }

  @Option({
    flags: '--when <field=value>',
    description: '批量时：只更正现在是此值的行，可多次 / only rows that hold this now',
  })
  when(text: string, others: Cells = {}): Cells {
    return { ...others, ...assignment(text) };
  }

  @Option({ flags: '--dry-run', description: '只看结果，不提出 / say what it would become' })
  dryRun(): boolean {
    return true;
  }
}

@SubCommand({
  name: 'dismiss',
  arguments: '<entry>',
  argsDescription: { entry: '编号 / number of the entry' },
  description: '提出排除：不落地，仍计入隔离金额 / propose that the row is not to land',
})
export class QuarantineDismissCommand extends Reasoned {
  override async run([entry = '']: string[], options: Signed & { readonly cause: DismissalCause }) {
    const { cause, as: by, reason, json = false } = options;
    const use = await this.proposals();
    const { decision } = await use((service) =>
      service.dismiss({ ...this.key(entry), cause, by, reason }),
    );
    if (json) printJson({ entry, decision, state: 'proposed' });
    else print(`已提出排除 ${entry}，待另一人复核`);
  }

  @Option({ flags: '--cause <cause>', required: true, description: DISMISSAL_CAUSES.join(' ') })
  cause(name: string): DismissalCause {
    const known = DISMISSAL_CAUSES.find((cause) => cause === name);
    if (known === undefined)
      throw new UsageError(`没有这种原因 ${name}；可用：${DISMISSAL_CAUSES.join(' ')}`);
    return known;
  }
}

@SubCommand({
  name: 'approve',
  arguments: '[entries...]',
  argsDescription: { entries: '编号；不写则为筛选出的全部待复核 / numbers, or none and a filter' },
  description: '复核同意：更正重放落地，排除生效 / approve what another person proposed',
})
export class QuarantineApproveCommand extends Deciding {
  override async run(
    given: string[],
    options: Omit<Signed, 'reason'> & { readonly reason?: string },
  ): Promise<void> {
    const { as: by, reason, json = false } = options;
    const entries = given.length > 0 ? given.map(entryNumber) : await this.proposed(options);
    const { consortium } = this;
    const use = await this.approvals();
    const outcomes = await use((service) =>
      service.approve({
        consortium,
        institutions: 'all',
        entries,
        by,
        ...(reason === undefined ? {} : { reason }),
      }),
    );
    printOutcomes(outcomes, '已同意', json);
  }

  private async proposed(options: FilterOptions): Promise<readonly string[]> {
    if (options.rule === undefined) throw new UsageError('请写明编号，或用 --rule 等条件筛选');
    const { storedEntries } = await import('../quarantine/entry.repository.js');
    const { mostEntries } = this;
    const filter = { ...this.filterOf(options), states: ['proposed'] as const };
    return this.database.use(async ({ pool }) =>
      (await storedEntries(pool, filter, mostEntries)).map(({ quarantineId }) => quarantineId),
    );
  }

  @Option({ flags: '--reason <text>', description: '意见 / remark' })
  reason(text: string): string {
    return text;
  }
}

@SubCommand({
  name: 'reject',
  arguments: '<entry>',
  argsDescription: { entry: '编号 / number of the entry' },
  description: '复核退回，记录重新待处理 / turn a proposal down',
})
export class QuarantineRejectCommand extends Reasoned {
  override async run([entry = '']: string[], { as: by, reason }: Signed): Promise<void> {
    const use = await this.approvals();
    await use((service) => service.reject({ ...this.key(entry), by, reason }));
    print(`已退回 ${entry}`);
  }
}

@SubCommand({
  name: 'withdraw',
  arguments: '<entry>',
  argsDescription: { entry: '编号 / number of the entry' },
  description: '提出人撤回自己的提议 / take a proposal back',
})
export class QuarantineWithdrawCommand extends Deciding {
  override async run([entry = '']: string[], { as: by }: Signed): Promise<void> {
    const use = await this.proposals();
    await use((service) => service.withdraw({ ...this.key(entry), by }));
    print(`已撤回 ${entry}`);
  }
}

function assignment(text: string): Cells {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`应写作 字段=值：${text}`);
  return { [text.slice(0, at)]: text.slice(at + 1) };
}
