import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { CODE_KINDS, type CodeKind } from './catalogue.repository.js';
import { type CrosswalkRow, crosswalkPage, type Scope } from './crosswalk.repository.js';
import { CrosswalkService } from './crosswalk.service.js';
import type { ExportedRow } from './crosswalk-export.js';
import { ForeignInstitutionError } from './errors.js';
import { knownUses, localPrices } from './known-use.repository.js';
import { saveLocalCodes } from './local-code.repository.js';
import { CodeSuggester, type LocalCode, type Suggestion } from './suggest.js';

export interface SuggestionRequest {
  readonly consortium: string;
  readonly institutions: Scope;
  readonly institution: string;
  readonly kind?: CodeKind | undefined;
  /** Codes at most, the most money first. */
  readonly limit: number;
}

export interface SuggestedCode extends CrosswalkRow {
  readonly suggestions: readonly Suggestion[];
}

/** What a local code might be in national terms, and why. Nothing is ever approved here. */
@Injectable()
export class SuggestionService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly crosswalk: CrosswalkService,
  ) {}

  /** Codes without a translation, the most money first, with up to three candidates each. @throws ForeignInstitutionError */
  async suggest(request: SuggestionRequest): Promise<readonly SuggestedCode[]> {
    const { institutions, institution, limit } = request;
    if (institutions !== 'all' && !institutions.includes(institution)) {
      throw new ForeignInstitutionError(`没有机构 ${institution}`);
    }
    const { items } = await crosswalkPage(this.pool, { ...request, unmapped: true }, { limit });
    return this.withSuggestions(request, items);
  }

  /** All rows for a sheet: names of national codes, and suggestions for the first `limit` of what waits. */
  async exported(
    request: SuggestionRequest & { readonly unmapped?: boolean | undefined },
  ): Promise<readonly ExportedRow[]> {
    const { items } = await crosswalkPage(this.pool, request, { limit: null });
    const national = this.crosswalk.codes();
    const suggested = await this.withSuggestions(request, items.slice(0, request.limit));
    return items.map((row, index) => ({
      ...row,
      nationalName:
        row.nationalCode === null
          ? null
          : (national.find(row.kind, row.nationalCode)?.name ?? null),
      suggestions: suggested[index]?.suggestions ?? [],
    }));
  }

  /** What a member calls its codes, where its claims do not say; suggestions go by names. */
  async nameCodes(request: {
    readonly consortium: string;
    readonly institutions: Scope;
    readonly institution: string;
    readonly codes: readonly LocalCode[];
  }): Promise<number> {
    const { institutions, institution, codes } = request;
    if (institutions !== 'all' && !institutions.includes(institution)) {
      throw new ForeignInstitutionError(`没有机构 ${institution}`);
    }
    return withTransaction(this.pool, (client) => saveLocalCodes(client, request, codes));
  }

  private async withSuggestions(
    { consortium, institution }: Pick<SuggestionRequest, 'consortium' | 'institution'>,
    rows: readonly CrosswalkRow[],
  ): Promise<readonly SuggestedCode[]> {
    const waiting = rows.filter(({ nationalCode }) => nationalCode === null);
    const items = waiting.filter(({ kind }) => kind === 'item').map(({ localCode }) => localCode);
    const prices =
      items.length === 0
        ? new Map<string, string>()
        : await localPrices(this.pool, { consortium, institution }, items);
    const suggesters = new Map<CodeKind, CodeSuggester>();
    for (const kind of CODE_KINDS) {
      if (!waiting.some((row) => row.kind === kind)) continue;
      const uses = await knownUses(this.pool, { consortium, institution, kind });
      suggesters.set(kind, new CodeSuggester(kind, this.crosswalk.codes(), uses));
    }
    return rows.map((row) => {
      const { kind, localCode: code, name, nationalCode } = row;
      const unitPrice = row.unitPrice ?? prices.get(code) ?? null;
      const suggester = nationalCode === null ? suggesters.get(kind) : undefined;
      return {
        ...row,
        unitPrice,
        suggestions: suggester?.suggest({ kind, code, name, unitPrice }) ?? [],
      };
    });
  }
}
