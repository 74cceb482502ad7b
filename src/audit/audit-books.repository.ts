import type pg from 'pg';
import type { Month } from '../kernel/period.js';
import { byId } from './audit-claims.js';
import { type AuditScope, auditPerson } from './audit-person.js';
import { finishedThrough } from './changed-persons.repository.js';
import {
  countClaims,
  firstDayRead,
  type HistoryRequest,
  lastMonth,
  readHistories,
  type Whose,
} from './claim-history.repository.js';
import type { CompiledAudit } from './compile.js';
import { Coverage, type CoverageCount } from './coverage.js';
import type { MutableClaim } from './facts.js';
import type { Finding } from './finding.js';
import { readDismissed } from './finding.repository.js';
import { PersonPass } from './pass/person-pass.js';
import { readPass } from './pass/person-pass.repository.js';
import { readPersonRegisters, readTraceReuse } from './register.repository.js';
import { NOTHING_REGISTERED, type PersonRegister, type TraceReuse } from './registers.js';
import { askBooks, countUnjudged } from './suspects/ask-books.repository.js';

export interface BooksRequest {
  readonly consortium: string;
  /** Accounting months whose findings are wanted. */
  readonly months: readonly Month[];
  /** Only these persons; null: everybody with a claim in the months. */
  readonly persons: readonly string[] | null;
  /** Of everybody only this part, for workers that share the work; absent: all. */
  readonly share?: { readonly part: number; readonly of: number };
}

export interface AuditedBooks {
  /** By id. */
  readonly findings: readonly Finding[];
  readonly coverage: readonly CoverageCount[];
  /** Claims and lines of the months, and of the persons' history that was read along. */
  readonly claims: number;
  readonly lines: number;
  readonly throughBatch: string;
}

/** So many claims are held as numbers at once. */
const CLAIMS_PER_BUCKET = 500_000;
/** Where more of the claims than this are looked at with all the facts, they are read by scans. */
const LARGE_PART = 0.1;

/** Audits the books within the client's transaction, which should be one snapshot. Writes nothing. */
export async function auditBooks(
  client: pg.PoolClient,
  audit: CompiledAudit,
  request: BooksRequest,
  signal: AbortSignal,
): Promise<AuditedBooks> {
  const throughBatch = await finishedThrough(client, request.consortium);
  const dismissed = await readDismissed(client, request.consortium);
  const scope = { months: new Set(request.months), dismissed };
  const books = new BooksAudit(client, audit, { request, scope, signal });
  await books.readReuse();
  if (request.persons === null) await books.everybody();
  else await books.some({ persons: request.persons }, scope, true);
  return { ...books.result(), throughBatch };
}

class BooksAudit {
  private readonly coverage: Coverage;
  private readonly findings: Finding[] = [];
  private readonly span: Omit<HistoryRequest, 'whose'>;
  private registers: ReadonlyMap<string, PersonRegister> = new Map();
  private reused: ReadonlyMap<string, readonly TraceReuse[]> = new Map();
  private claims = 0;
  private lines = 0;

  constructor(
    private readonly client: pg.PoolClient,
    private readonly audit: CompiledAudit,
    private readonly run: {
      readonly request: BooksRequest;
      readonly scope: AuditScope;
      readonly signal: AbortSignal;
    },
  ) {
    const { consortium, months } = run.request;
    this.coverage = new Coverage(run.scope.months);
    this.span = { consortium, months, lookbackDays: audit.settings.lookbackDays };
  }

  /** Codes are used up by anybody: no part of the books shows it. */
  async readReuse(): Promise<void> {
    if (!this.audit.asksTraceReuse) return;
    const { consortium } = this.span;
    const span = [firstDayRead(this.span), lastMonth(this.span)] as const;
    this.reused = await readTraceReuse(this.client, consortium, span);
  }

  /** A pass in numbers over all of a bucket, then the facts of those it names. */
  async everybody(): Promise<void> {
    const { part, of } = this.run.request.share ?? { part: 0, of: 1 };
    const total = await countClaims(this.client, this.span);
    const buckets = of * Math.max(1, Math.ceil(total / of / CLAIMS_PER_BUCKET));
    for (let bucket = part; bucket < buckets; bucket += of) await this.bucket({ bucket, buckets });
  }

  async some(whose: Whose, scope: AuditScope, counted: boolean): Promise<void> {
    const { client, audit, coverage } = this;
    const request = { ...this.span, whose };
    const histories = readHistories(client, request, this.run.signal, (part) => this.ask(part));
    for await (const history of histories) {
      if (counted) this.claims += history.length;
      if (counted) for (const claim of history) this.lines += claim.lines.length;
      const registered = this.registeredOf(history[0]?.personId ?? '');
      this.findings.push(...auditPerson(audit, history, scope, coverage, registered));
    }
  }

  private async ask(claims: Iterable<MutableClaim>): Promise<void> {
    const { consortium } = this.span;
    const held = this.audit.registersHeld;
    if (held.size === 0) return;
    this.registers = await readPersonRegisters(this.client, { consortium, held }, claims);
  }

  private registeredOf(person: string): PersonRegister {
    const known = this.registers.get(person) ?? NOTHING_REGISTERED;
    return { ...known, reusedTraceCodes: this.reused.get(person) ?? [] };
  }

  result(): Omit<AuditedBooks, 'throughBatch'> {
    const { claims, lines, coverage } = this;
    return {
      findings: this.findings.sort(byId),
      coverage: coverage.rows(this.audit.unavailable),
      claims,
      lines,
    };
  }

  private async bucket(whose: {
    readonly bucket: number;
    readonly buckets: number;
  }): Promise<void> {
    const { scope, signal } = this.run;
    const pass = new PersonPass(this.audit);
    // Everybody is read by scans; of a month that has just landed the planner knows too little to see that.
    await this.nestedLoops(false);
    await readPass(this.client, { ...this.span, whose }, pass, { signal });
    this.claims += pass.claims.size;
    this.lines += pass.scanner.lines;
    const asked = await askBooks(this.client, this.audit, { ...this.span, whose });
    const suspects = asked === null ? null : new Set([...asked, ...this.reused.keys()]);
    const { persons, claims } = pass.finish(this.coverage, suspects);
    await countUnjudged(this.client, this.audit, { ...this.span, whose, persons }, this.coverage);
    await this.nestedLoops(persons.length < pass.claims.persons.length * LARGE_PART);
    await this.some({ persons }, scope, false);
    await this.nestedLoops(claims.length < pass.claims.size * LARGE_PART);
    await this.some({ claims }, { ...scope, linesAlone: true }, false);
  }

  private async nestedLoops(allowed: boolean): Promise<void> {
    await this.client.query(`SET LOCAL enable_nestloop = ${allowed ? 'on' : 'off'}`);
  }
}
