import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SITE, type Site } from '../config/site.js';
import { loadYaml } from '../config/yaml.loader.js';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { type Month, monthsOf } from '../kernel/period.js';
import { policyAt, type RegionChain } from '../policy/resolve.js';
import type { Records } from '../records/records.js';
import { policyDay } from '../settlement/compute.js';
import { SettlementInputError } from '../settlement/errors.js';
import { loadSitePolicy } from '../settlement/site-policy.loader.js';
import { type Asked, type Assessment, assess, withFilings } from './assess.js';
import { type Indicators, indicatorsSchema, type Measures } from './indicator.js';
import { readMeasures, type UnitMeasures } from './measures.repository.js';

/** The assessment of one settlement unit, or of the whole consortium (`institution` null, first). */
export interface UnitAssessment extends Assessment {
  readonly institution: string | null;
  readonly name: string;
}

export interface AssessRequest {
  readonly consortium: string;
  /** A year or a month. */
  readonly period: string;
}

/** Computes the indicators a region's text names, from the books and what was filed. It writes nothing. */
@Injectable()
export class AssessmentService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
  ) {}

  /** @throws ConfigError; SettlementInputError when the region names no indicators or the period has no claims */
  async assess({ consortium, period }: AssessRequest): Promise<readonly UnitAssessment[]> {
    const { chain, overlays, records, units } = loadSitePolicy(this.site, consortium);
    const asked = askedOf(chain);
    if (asked.length === 0)
      throw new SettlementInputError(
        `地区 ${chain[0].region} 的政策文件没有列出指标（indicators）`,
        { consortium },
      );
    const catalogue = this.catalogue();
    const policy = policyAt(chain, policyDay(period), overlays);
    const [now, before] = await withTransaction(this.pool, async (client) => [
      await readMeasures(client, consortium, monthsIn(period)),
      await readMeasures(client, consortium, monthsIn(yearBefore(period))),
    ]);
    if (now.length === 0) throw new SettlementInputError(`${period} 没有结算记录`, { period });
    return [...now].sort(wholeFirst).map(({ institution, measures }) => ({
      institution,
      name: institution === null ? '全部' : (units.units.get(institution) ?? institution),
      ...assess({
        asked,
        catalogue,
        policy,
        now: filedInto({ institution, measures }, records, period),
        before: priorOf(before, institution, { records, period: yearBefore(period) }),
      }),
    }));
  }

  private catalogue(): Indicators {
    return loadYaml(join(this.site.configDir, 'assessment', 'indicators.yaml'), indicatorsSchema)
      .indicators;
  }
}

/** A region's own list, else its nearest parent's. */
function askedOf(chain: RegionChain): readonly Asked[] {
  const named = chain
    .map(({ indicators }) => indicators)
    .find((each) => Object.keys(each).length > 0);
  return Object.entries(named ?? {}).map(([id, entry]) => ({ id, ...entry }));
}

function monthsIn(period: string): readonly Month[] {
  return period.length === 4 ? monthsOf(period) : [period];
}

function yearBefore(period: string): string {
  return `${String(Number(period.slice(0, 4)) - 1)}${period.slice(4)}`;
}

function wholeFirst(a: UnitMeasures, b: UnitMeasures): number {
  return (a.institution ?? '').localeCompare(b.institution ?? '');
}

/** Filed figures speak of the consortium, so only the whole gets them. */
function filedInto(
  { institution, measures }: UnitMeasures,
  records: Records,
  period: string,
): Measures {
  if (institution !== null) return measures;
  return withFilings(measures, (name) => filedValue(records, name, period));
}

function priorOf(
  units: readonly UnitMeasures[],
  institution: string | null,
  { records, period }: { readonly records: Records; readonly period: string },
): Measures | null {
  const found = units.find((each) => each.institution === institution);
  if (institution !== null) return found?.measures ?? null;
  const all = withFilings(found?.measures ?? new Map(), (name) =>
    filedValue(records, name, period),
  );
  return all.size === 0 ? null : all;
}

function filedValue({ filings }: Records, name: string, period: string): string | null {
  const found = [period, period.slice(0, 4)]
    .map((when) => filings.find((each) => each.filing === name && each.period === when))
    .find((each) => each !== undefined);
  return found?.value ?? null;
}
