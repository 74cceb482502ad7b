import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../../config/site.js';
import { DATABASE_POOL } from '../../database/tokens.js';
import { type Fen, sum } from '../../kernel/money.js';
import type { Month } from '../../kernel/period.js';
import { auditBooks } from '../audit-books.repository.js';
import { compileAudit } from '../compile.js';
import type { Finding } from '../finding.js';
import { type SiteBook, SiteBooks } from '../site-book.repository.js';
import { inSnapshot } from '../snapshot.repository.js';
import { type Candidate, candidateBook } from './candidate.loader.js';
import { compareFindings, type Difference, type DifferenceSummary, summarise } from './compare.js';

export interface ReplayRequest {
  readonly consortium: string;
  readonly months: readonly Month[];
  readonly candidate: Candidate;
  /** Only the rules the candidate is about, on both sides: quicker, but blind to what they take from each other. */
  readonly alone?: boolean;
  readonly progress?: (text: string) => void;
}

export interface Replayed {
  readonly months: readonly Month[];
  readonly claims: number;
  readonly lines: number;
  /** All findings in force and their money, before and after. */
  readonly before: { readonly findings: number; readonly amountFen: Fen };
  readonly after: { readonly findings: number; readonly amountFen: Fen };
  readonly differences: readonly Difference[];
  readonly summary: readonly DifferenceSummary[];
}

/** Runs a candidate rule or knowledge release over past months beside what is in force (试算、回放). It writes nothing. */
@Injectable()
export class ReplayService {
  private readonly books: SiteBooks;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) site: Site,
  ) {
    this.books = new SiteBooks(site);
  }

  /** Both sides read the same snapshot. @throws ConfigError, KnowledgeFileError when the candidate does not hold together */
  async replay(
    request: ReplayRequest,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Replayed> {
    const { consortium, months, candidate, progress = () => undefined } = request;
    return inSnapshot(this.pool, async (client) => {
      const current = await this.books.read(client, consortium);
      const { book: changed, rules } = candidateBook(candidate, current);
      const only = request.alone === true && rules !== null ? rules : null;
      const run = async ({ book, knowledge, registers }: SiteBook) =>
        auditBooks(
          client,
          compileAudit(book, knowledge, only, registers),
          { consortium, months, persons: null },
          signal,
        );
      progress('按现行规则审核 / auditing by what is in force');
      const before = await run(current);
      progress('按候选审核 / auditing by the candidate');
      const after = await run(changed);
      const [old, now] = [before.findings.filter(isActive), after.findings.filter(isActive)];
      const differences = compareFindings(old, now);
      return {
        months: [...months].sort(),
        claims: after.claims,
        lines: after.lines,
        before: { findings: old.length, amountFen: amountOf(old) },
        after: { findings: now.length, amountFen: amountOf(now) },
        differences,
        summary: summarise(differences),
      };
    });
  }
}

/** Trial findings of other rules and findings decided against carry no money on either side. */
function isActive({ mode }: Finding): boolean {
  return mode === 'active';
}

function amountOf(findings: readonly Finding[]): Fen {
  return sum(findings.map(({ amountFen }) => amountFen));
}
