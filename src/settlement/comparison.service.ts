import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { loadYaml } from '../config/yaml.loader.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { loadOverlay, loadRegion } from '../policy/policy.loader.js';
import { policyAt } from '../policy/resolve.js';
import { checkedRecordsSchema, type Records } from '../records/records.js';
import { BookReader } from './books.service.js';
import { computeFacts, policyDay } from './compute.js';
import { SettlementInputError } from './errors.js';
import type { Facts } from './facts.js';
import type { SettlementResult } from './result.js';
import { currentRun } from './run.repository.js';
import { diffRuns, type FigureChange } from './run-diff.js';
import { scopeTable } from './scope-table.js';
import { loadSitePolicy, type SitePolicy } from './site-policy.loader.js';
import { readStoredRun, runReference, type StoredRunContent } from './stored-run.repository.js';
import {
  differencesByParty,
  type PartyDifference,
  type Setting,
  settingsOverlay,
} from './what-if.js';

export interface WhatIfRequest {
  readonly consortium: string;
  /** A run as people name it; see `runReference`. */
  readonly run: string;
  /** Another region's pack; absent: the site's own. */
  readonly region?: string;
  readonly settings: readonly Setting[];
  /** Overlay files, beside the site's own where the region is the same. */
  readonly overlays: readonly string[];
  /** Another records file than the site's. */
  readonly records?: string;
}

export interface WhatIf {
  readonly run: Pick<StoredRunContent, 'kind' | 'period' | 'version' | 'closed'>;
  /** `stored`: the facts of the run itself; `books`: the claims read anew, because another scope or valuation applies. */
  readonly facts: 'stored' | 'books';
  readonly result: SettlementResult;
  readonly differences: readonly PartyDifference[];
}

export interface RunComparison {
  readonly before: Pick<StoredRunContent, 'runId' | 'kind' | 'period' | 'version'>;
  readonly after: Pick<StoredRunContent, 'runId' | 'kind' | 'period' | 'version'>;
  readonly changes: readonly FigureChange[];
}

/** Compares settlements: two runs of a period, or a run with what another policy would have given. Writes nothing. */
@Injectable()
export class ComparisonService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
    private readonly books: BookReader,
  ) {}

  /** @throws SettlementInputError when a run is unknown, or the two are not of one period */
  async diff(
    consortium: string,
    [first, second]: readonly [string, string],
  ): Promise<RunComparison> {
    const before = await readStoredRun(this.pool, consortium, runReference(first));
    const after = await readStoredRun(this.pool, consortium, runReference(second));
    if (before.kind !== after.kind || before.period !== after.period)
      throw new SettlementInputError('两次结算须是同一期间、同一种结算');
    return { before: named(before), after: named(after), changes: diffRuns(before, after) };
  }

  /** @throws PolicyGapError listing what the other policy leaves open; SettlementInputError, ConfigError */
  whatIf(request: WhatIfRequest): Promise<WhatIf> {
    return withTransaction(this.pool, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const run = await readStoredRun(client, request.consortium, runReference(request.run));
      const own = loadSitePolicy(this.site, request.consortium);
      const other = this.otherPolicy(request, own, run.period);
      const facts = needsBooks(request, { own, other, period: run.period })
        ? await this.factsUnder(client, other, { ...run, consortium: request.consortium })
        : null;
      const policy = policyAt(other.chain, policyDay(run.period), other.overlays);
      const result = computeFacts(
        other.chain,
        facts ?? { ...run.facts, region: policy.region },
        policy,
      );
      const { kind, period, version, closed } = run;
      return {
        run: { kind, period, version, closed },
        facts: facts === null ? 'stored' : 'books',
        result,
        differences: differencesByParty(run.figures, result.figures),
      };
    });
  }

  private async factsUnder(
    client: pg.PoolClient,
    other: SitePolicy,
    { consortium, kind, period }: StoredRunContent & { readonly consortium: string },
  ): Promise<Facts> {
    const key = { consortium, kind, period };
    const before = await currentRun(client, key);
    const books = await this.books.readUnder(other, client, { key, runId: null, before });
    return books.facts;
  }

  /** The site's policy with the request's pack, overlays, settings and records in its place. */
  private otherPolicy(request: WhatIfRequest, own: SitePolicy, period: string): SitePolicy {
    const { configDir } = this.site;
    const chain =
      request.region === undefined
        ? own.chain
        : loadRegion(join(configDir, 'policies'), request.region);
    const same = chain[0].region === own.chain[0].region;
    const files = request.overlays.map((path) => loadOverlay(path, chain));
    const overlays = same ? [...own.overlays, ...files] : files;
    const policy = policyAt(chain, policyDay(period), overlays);
    const settings =
      request.settings.length === 0 ? [] : [settingsOverlay(chain, policy, request.settings)];
    const records =
      request.records === undefined
        ? recordsUnder(own.records, new Set(policy.content.filings.keys()))
        : loadYaml(request.records, checkedRecordsSchema(chain));
    return { ...own, chain, overlays: [...overlays, ...settings], records };
  }
}

/** The records without what the other region never asks for. */
function recordsUnder(records: Records, known: ReadonlySet<string>): Records {
  return { ...records, filings: records.filings.filter(({ filing }) => known.has(filing)) };
}

interface Policies {
  readonly own: SitePolicy;
  readonly other: SitePolicy;
  readonly period: string;
}

/** Whether claims fall elsewhere, count otherwise, or are valued by other rules: then the stored facts do not serve. */
function needsBooks({ region, records }: WhatIfRequest, { own, other, period }: Policies): boolean {
  if (region !== undefined && region !== own.chain[0].region) return true;
  if (records !== undefined) return true;
  const [before, after] = [own, other].map((site) => ({
    scope: scopeUntil(site, policyDay(period)),
    values: READ_WITH_THE_BOOKS.map(
      (id) => policyAt(site.chain, policyDay(period), site.overlays).parameters.get(id)?.value,
    ),
  }));
  return JSON.stringify(before) !== JSON.stringify(after);
}

/** The scope of claims settled by a day: what begins later concerns none of them. */
function scopeUntil({ chain, overlays }: SitePolicy, day: string) {
  const { eras, rows } = scopeTable(chain, overlays);
  const begun = eras.filter((era) => era <= day).length;
  return { eras: eras.slice(0, begun), rows: rows.filter(({ era }) => era <= begun) };
}

/** Parameters that decide which claims and payments become facts. */
const READ_WITH_THE_BOOKS = ['scope.funds', 'dip.rules', 'prepayment.december', 'audit.timing'];

function named({ runId, kind, period, version }: StoredRunContent): RunComparison['before'] {
  return { runId, kind, period, version };
}
