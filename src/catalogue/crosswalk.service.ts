import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import type { SheetRow } from '../tables/spreadsheet.js';
import { CODE_KINDS, releaseOf } from './catalogue.repository.js';
import { type CodeChange, plannedChanges } from './crosswalk.js';
import {
  type CrosswalkFilter,
  type CrosswalkImport,
  type CrosswalkPage,
  changesOf,
  crosswalkPage,
  currentPeriods,
  decideImport,
  insertImport,
  listImports,
  lockImport,
  type Scope,
  waitingCodes,
} from './crosswalk.repository.js';
import { parseCrosswalkSheet } from './crosswalk-sheet.js';
import {
  CrosswalkSheetError,
  CrosswalkStateError,
  ForeignInstitutionError,
  SameApproverError,
  UnknownImportError,
  UnsignedCrosswalkError,
} from './errors.js';
import { metCodes } from './local-code.repository.js';
import type { NationalCodes } from './national-codes.js';
import { loadNationalCodes } from './national-codes.loader.js';
import { applyChanges, crosswalkDigest, noteRecoded } from './recode.repository.js';

export interface ImportRequest {
  readonly consortium: string;
  readonly institutions: Scope;
  readonly institution: string;
  readonly rows: readonly SheetRow[];
  /** Name of the file. */
  readonly sourceName: string;
  readonly by: string;
  readonly dryRun?: boolean | undefined;
}

export interface ImportResult {
  /** Null for a dry run, or when nothing changes. */
  readonly importId: string | null;
  readonly changes: readonly CodeChange[];
  readonly unchanged: number;
  /** Rows without a national code. */
  readonly blank: number;
  /** Local codes that no landed row and no list of the member holds: perhaps mistyped. */
  readonly unmet: readonly string[];
}

export interface DecisionRequest {
  readonly consortium: string;
  readonly institutions: Scope;
  readonly importId: string;
  readonly by: string;
}

export interface ApprovalResult {
  readonly importId: string;
  readonly changes: number;
  /** Landed rows of open months that got another national code, and the money on them. */
  readonly recodedRows: number;
  readonly recodedFen: bigint;
  /** Rows of closed months that keep the codes they were settled with. */
  readonly closedRows: number;
  readonly digest: string;
}

/** Local codes to national ones (编码对照): proposed as a sheet by one person, approved by another; what held before is kept. */
@Injectable()
export class CrosswalkService {
  private national: NationalCodes | null = null;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    private readonly journal: JournalService,
  ) {}

  list(
    request: CrosswalkFilter & { readonly after?: string | undefined; readonly limit: number },
  ): Promise<CrosswalkPage> {
    return crosswalkPage(this.pool, request, request);
  }

  imports(request: {
    readonly consortium: string;
    readonly institutions: Scope;
  }): Promise<readonly CrosswalkImport[]> {
    return listImports(this.pool, request.consortium, request.institutions);
  }

  /** The national lists: shipped ones, and those of the site. Read at first use. */
  codes(): NationalCodes {
    this.national ??= loadNationalCodes(this.site);
    return this.national;
  }

  /**
   * Proposes what a sheet says. Rows that hold already, and rows without a national code, are left out; any bad row keeps all of them
   * out. It takes effect when another person approves it.
   *
   * @throws CrosswalkSheetError with sheet row numbers, ForeignInstitutionError, UnsignedCrosswalkError
   */
  async import(request: ImportRequest): Promise<ImportResult> {
    const { rows, sourceName, by, dryRun = false } = request;
    if (by.trim() === '') throw new UnsignedCrosswalkError('导入对照须写明经办人');
    requireSeen(request.institutions, request.institution);
    const national = this.codes();
    const { wanted, blank, problems } = parseCrosswalkSheet(rows, (kind, code) =>
      national.has(kind, code),
    );
    return withTransaction(this.pool, async (client) => {
      for (const kind of CODE_KINDS) await releaseOf(client, { ...request, kind });
      const plan = plannedChanges(await currentPeriods(client, request), wanted);
      const waiting = await waitingCodes(client, request);
      const taken = plan.changes.flatMap(({ kind, localCode, sheetRow }) => {
        const other = waiting.get(`${kind}\u001f${localCode}`);
        return other === undefined
          ? []
          : [{ row: sheetRow, message: `${localCode} 已在待复核的导入 ${other} 中` }];
      });
      const all = [...problems, ...plan.problems, ...taken].sort((a, b) => a.row - b.row);
      if (all.length > 0) throw new CrosswalkSheetError(all);
      const { changes, unchanged } = plan;
      const met = await metCodes(client, request, changes);
      const unmet = changes.filter((change) => !met.has(`${change.kind}\u001f${change.localCode}`));
      const result = { changes, unchanged, blank, unmet: unmet.map(({ localCode }) => localCode) };
      if (dryRun || changes.length === 0) return { ...result, importId: null };
      const importId = await insertImport(client, request, { by, sourceName, changes });
      await this.note(client, request, {
        ...{ action: 'propose', import: importId, institution: request.institution },
        ...{ changes: changes.length, by },
      });
      return { ...result, importId };
    });
  }

  /**
   * Approves an import: from now on it holds, and landed rows of open months get their codes. Closed months keep theirs.
   *
   * @throws UnknownImportError, CrosswalkStateError, SameApproverError, UnsignedCrosswalkError
   */
  async approve(request: DecisionRequest): Promise<ApprovalResult> {
    const { consortium, importId, by } = request;
    return withTransaction(this.pool, async (client) => {
      const found = await this.waiting(client, request);
      const key = { consortium, institution: found.institution };
      for (const kind of CODE_KINDS) await releaseOf(client, { ...key, kind });
      const changes = await changesOf(client, importId);
      requireCurrent(await currentPeriods(client, key), changes);
      const digestBefore = await crosswalkDigest(client, key);
      const done = { recodedRows: 0, recodedFen: 0n, closedRows: 0 };
      const persons = new Set<string>();
      for (const kind of CODE_KINDS) {
        const own = changes.filter((change) => change.kind === kind);
        const people = { proposedBy: found.proposedBy, approvedBy: by };
        const recoding = await applyChanges(client, { ...key, kind }, { changes: own, ...people });
        done.recodedRows += recoding.recodedRows;
        done.recodedFen += recoding.recodedFen;
        done.closedRows += recoding.closedRows;
        for (const person of recoding.persons) persons.add(person);
      }
      await noteRecoded(client, consortium, [...persons]);
      await decideImport(client, importId, { state: 'approved', by, reason: null, ...done });
      const digest = await crosswalkDigest(client, key);
      await this.note(client, request, {
        ...{
          action: 'approve',
          import: importId,
          institution: found.institution,
          changes: changes.length,
        },
        ...{ proposedBy: found.proposedBy, by, digestBefore, digest, ...done },
      });
      return { importId, changes: changes.length, ...done, digest };
    });
  }

  /** @throws UnknownImportError, CrosswalkStateError, SameApproverError, UnsignedCrosswalkError */
  async reject(request: DecisionRequest & { readonly reason: string }): Promise<void> {
    const { importId, by, reason } = request;
    if (reason.trim() === '') throw new UnsignedCrosswalkError('退回须写明理由');
    await withTransaction(this.pool, async (client) => {
      const { institution } = await this.waiting(client, request);
      await decideImport(client, importId, { state: 'rejected', by, reason });
      await this.note(client, request, {
        action: 'reject',
        import: importId,
        institution,
        by,
        reason,
      });
    });
  }

  private async waiting(client: pg.PoolClient, request: DecisionRequest): Promise<CrosswalkImport> {
    const { by, importId } = request;
    if (by.trim() === '') throw new UnsignedCrosswalkError('复核对照须写明复核人');
    const found = await lockImport(client, request);
    if (found === null) throw new UnknownImportError(`没有编号为 ${importId} 的对照导入`);
    if (found.state !== 'proposed') throw new CrosswalkStateError(`对照导入 ${importId} 已处理`);
    if (found.proposedBy.trim().toLowerCase() === by.trim().toLowerCase()) {
      throw new SameApproverError('提出人与复核人须是两个人');
    }
    return found;
  }

  private note(
    client: pg.PoolClient,
    { consortium }: { readonly consortium: string },
    content: Readonly<Record<string, string | number | bigint>> & { readonly import: string },
  ) {
    const subject = `crosswalk:${content.import}`;
    return this.journal.append(client, { consortium, kind: 'configuration', subject, content });
  }
}

function requireSeen(scope: Scope, institution: string): void {
  if (scope !== 'all' && !scope.includes(institution)) {
    throw new ForeignInstitutionError(`没有机构 ${institution}`);
  }
}

/** What the import replaces must still be what holds. */
function requireCurrent(
  current: Parameters<typeof plannedChanges>[0],
  changes: readonly CodeChange[],
): void {
  const now = plannedChanges(current, changes);
  const same = now.changes.every((change, index) => {
    const proposed = changes[index]?.before ?? null;
    const { before } = change;
    return before?.nationalCode === proposed?.nationalCode && before?.validTo === proposed?.validTo;
  });
  if (now.problems.length > 0 || now.changes.length !== changes.length || !same) {
    throw new CrosswalkStateError('提出之后对照已有变动，本次导入不再适用');
  }
}
