import { availableParallelism } from 'node:os';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import { type Fen, sum, toYuan } from '../kernel/money.js';
import type { Month } from '../kernel/period.js';
import type { AuditedBooks, BooksRequest } from './audit-books.repository.js';
import { digestOf } from './audit-claims.js';
import { changedPersons, lastRead } from './changed-persons.repository.js';
import { countClaims } from './claim-history.repository.js';
import { type CompiledAudit, compileAudit } from './compile.js';
import type { Finding } from './finding.js';
import { insertRun, replaceResults } from './finding.repository.js';
import type { Governance } from './governance/governed.js';
import { SiteBooks } from './site-book.repository.js';
import { auditShared } from './workers/shared-audit.launcher.js';
import { type WorkerSettings, workersFor } from './workers/worker-settings.js';
import { loadWorkerSettings } from './workers/worker-settings.loader.js';

export interface AuditRequest {
  readonly consortium: string;
  /** Accounting months whose findings are wanted. */
  readonly months: readonly Month[];
  /**
   * `changed`: only persons of whom something landed since these months were last audited under the same rules; everybody else's findings
   * stay. For the nights of a month; its end is audited whole.
   */
  readonly scope?: 'all' | 'changed';
}

export interface AuditRunResult {
  /** Null: nothing had changed, so there was nothing to do. */
  readonly runId: string | null;
  readonly months: readonly Month[];
  /** How many persons were audited anew; null: everybody. */
  readonly persons: number | null;
  /** Claims and lines of those months, and of the persons' history that was read along. */
  readonly claims: number;
  readonly lines: number;
  readonly findings: number;
  readonly primary: number;
  readonly amountFen: Fen;
  /** Findings by rule id. */
  readonly byRule: Readonly<Record<string, number>>;
  readonly resultDigest: string;
  readonly rulesDigest: string;
  readonly knowledgeRelease: string;
}

const NOTHING: AuditedBooks = {
  findings: [],
  coverage: [],
  claims: 0,
  lines: 0,
  throughBatch: '0',
};

/** Smart audit of the books (智能审核): whole accounting months, repeatable, findings replaced in one transaction. */
@Injectable()
export class AuditService {
  private readonly log = new Logger('audit');
  private readonly books: SiteBooks;
  private workerSettings: WorkerSettings | null = null;
  /** By consortium: the latest, which stands as long as nobody decides or files anything. */
  private readonly compiled = new Map<
    string,
    { readonly of: string; readonly audit: CompiledAudit }
  >();

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    private readonly journal: JournalService,
  ) {
    this.books = new SiteBooks(site);
  }

  /** Same claims, rules, knowledge and decisions give the same findings, ids and digest. */
  async run(
    request: AuditRequest,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<AuditRunResult> {
    const audit = await this.compile(request.consortium);
    const persons = request.scope === 'changed' ? await this.changed(audit, request) : null;
    const { findings, coverage, claims, lines, throughBatch } = await this.audit(
      audit,
      { consortium: request.consortium, months: request.months, persons },
      signal,
    );
    const result = {
      months: [...request.months].sort(),
      persons: persons?.length ?? null,
      claims,
      lines,
      findings: findings.length,
      amountFen: sum(findings.map(({ amountFen }) => amountFen)),
      resultDigest: digestOf(findings),
      rulesDigest: audit.rulesDigest,
      knowledgeRelease: audit.knowledgeRelease,
    };
    const summary = { ...result, primary: primaryOf(findings), byRule: byRule(findings) };
    if (persons?.length === 0) return { ...summary, runId: null };
    const runId = await withTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [
        `audit ${request.consortium}`,
      ]);
      const id = await insertRun(client, {
        ...{ consortium: request.consortium, throughBatch },
        ...result,
      });
      await replaceResults(client, { ...request, persons, runId: id, findings, coverage });
      await this.journal.append(client, {
        consortium: request.consortium,
        kind: 'verdict',
        subject: `audit:${id}`,
        content: { ...result, amountFen: undefined, amount: toYuan(result.amountFen) },
      });
      return id;
    });
    return { ...summary, runId };
  }

  /** Whom to audit anew; null when these months were never audited under these rules. */
  private async changed(
    { rulesDigest, knowledgeRelease }: CompiledAudit,
    { consortium, months }: AuditRequest,
  ): Promise<readonly string[] | null> {
    const last = await lastRead(this.pool, { consortium, months, rulesDigest, knowledgeRelease });
    return last === null ? null : changedPersons(this.pool, consortium, last.throughBatch);
  }

  /** Files are read once a process: a change of theirs takes a restart, a decision in the database holds from the next run. */
  private async compile(consortium: string): Promise<CompiledAudit> {
    const { book, knowledge, registers, decided } = await this.books.read(this.pool, consortium);
    const of = `${decisionsKey(decided)} ${registers.digest}`;
    const known = this.compiled.get(consortium);
    if (known?.of === of) return known.audit;
    const audit = compileAudit(book, knowledge, null, registers);
    this.compiled.set(consortium, { of, audit });
    return audit;
  }

  /** Reads in one snapshot; writing comes later, in a transaction of its own. */
  private async audit(
    audit: CompiledAudit,
    request: BooksRequest,
    signal: AbortSignal,
  ): Promise<AuditedBooks> {
    if (request.persons?.length === 0) return NOTHING;
    const workers = request.persons === null ? await this.workers(audit, request) : 1;
    const shared = { request, folders: this.site, workers };
    const books = await auditShared(this.pool, audit, shared, signal);
    if (books.workers < workers)
      this.log.warn('规则文件已改动或有新的决定，本次审核未并行；改动的文件重启后生效');
    return books;
  }

  /** How many share a whole audit. */
  private async workers(
    { settings: { lookbackDays } }: CompiledAudit,
    { consortium, months }: BooksRequest,
  ): Promise<number> {
    this.workerSettings ??= loadWorkerSettings(this.site);
    const claims = await countClaims(this.pool, { consortium, months, lookbackDays });
    return workersFor(this.workerSettings, { claims, processors: availableParallelism() });
  }
}

function decisionsKey({ statuses, exemptions }: Governance): string {
  return JSON.stringify([[...statuses], [...exemptions]]);
}

function primaryOf(findings: readonly Finding[]): number {
  return findings.filter(({ role }) => role === 'primary').length;
}

function byRule(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule } of findings) counts[rule.id] = (counts[rule.id] ?? 0) + 1;
  return counts;
}
