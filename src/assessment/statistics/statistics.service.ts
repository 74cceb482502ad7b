import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { exemptionsSchema } from '../../audit/exemption.js';
import { SITE, type Site } from '../../config/site.js';
import { loadYaml } from '../../config/yaml.loader.js';
import { DATABASE_POOL } from '../../database/tokens.js';
import { withTransaction } from '../../database/transaction.repository.js';
import { addMonths, lastDay, type Month } from '../../kernel/period.js';
import { loadSettlementUnits } from '../../records/records.loader.js';
import {
  computeStatistic,
  type PartTotals,
  SPANS,
  type Span,
  type StatisticResult,
  type StatisticTotals,
} from './compute.js';
import type { Statistic } from './statistic.js';
import { type Planned, StatisticMeasures } from './statistic-measures.repository.js';
import { loadStatistics } from './statistics.loader.js';
import { replaceStatistics } from './statistics.repository.js';

/** The rolling year and the one before it. */
const MONTHS_READ = 24;

/** Computes the statistics rules of a month and keeps what came out (统计规则). */
@Injectable()
export class StatisticsService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(SITE) private readonly site: Site,
  ) {}

  /** Month and rolling twelve months of every rule in force, in one snapshot; replaces what was kept of this month. */
  async run(consortium: string, month: Month): Promise<readonly StatisticResult[]> {
    const rules = loadStatistics(this.site).filter((rule) => isInForce(rule, month));
    const members = this.members();
    return withTransaction(this.pool, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      const months = Array.from({ length: MONTHS_READ }, (_, back) => addMonths(month, -back));
      const measures = new StatisticMeasures(client, {
        ...{ consortium, months },
        yearBefore: months.slice(SPANS['rolling-12']),
        planned: (names) => this.planned(names),
      });
      const results: StatisticResult[] = [];
      for (const rule of rules) {
        const totals = await totalsOf(rule, measures);
        for (const span of Object.keys(SPANS) as Span[])
          results.push(...computeStatistic({ rule, month, span, members, totals }));
      }
      await replaceStatistics(client, consortium, { month, results });
      return results;
    });
  }

  /** Institution → peer group: members of one level and kind. */
  private members(): ReadonlyMap<string, string> {
    const { units, clinics, levels, kinds } = loadSettlementUnits(this.site.siteDir);
    return new Map(
      [...units.keys(), ...clinics.keys()].map((institution) => [
        institution,
        `${levels.get(institution) ?? ''} ${kinds.get(institution) ?? ''}`,
      ]),
    );
  }

  private planned(names: readonly string[]): Planned {
    const path = join(this.site.configDir, 'audit', 'exemptions.yaml');
    const known = loadYaml(path, exemptionsSchema);
    const chosen = names.flatMap((name) => known[name] ?? []);
    return {
      diagnoses: chosen.flatMap(({ diagnoses }) => diagnoses),
      procedures: chosen.flatMap(({ procedures }) => procedures),
    };
  }
}

function isInForce({ status, effective }: Statistic, month: Month): boolean {
  const day = lastDay(month);
  if (status !== 'ACTIVE' || day < effective.from) return false;
  return effective.until === undefined || day < effective.until;
}

async function totalsOf(rule: Statistic, measures: StatisticMeasures): Promise<StatisticTotals> {
  const parts = new Map<string, PartTotals>();
  for (const { id, numerator, denominator } of rule.parts) {
    if (numerator === undefined || denominator === undefined) continue;
    const isShareOfLines = typeof numerator === 'object' && numerator.measure === 'lines';
    parts.set(id, {
      numerator: await measures.totals(numerator),
      denominator: await measures.totals(denominator),
      unclassified: isShareOfLines ? await measures.unclassified(numerator) : null,
    });
  }
  return { cases: await measures.totals(rule.cases.of), parts };
}
