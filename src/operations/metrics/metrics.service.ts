import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { DATABASE_POOL } from '../../database/tokens.js';
import { OPERATIONS, type Operations } from '../operations.js';
import { FIGURES, type FigureName, readFigures } from './database-figures.repository.js';

export interface Answered {
  readonly method: string;
  /** The pattern of the route, `/batches/:id`: an address itself could hold anything. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

const SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 30];
/** Roles that report what the database knows; a worker reports itself alone. */
const TELLS_OF_THE_DATABASE: ReadonlySet<string> = new Set(['all', 'api']);

/** Figures for Prometheus. Labels are codes, kinds and states: no name of a person or an institution. */
@Injectable()
export class MetricsService {
  private readonly registry = new Registry();
  private readonly http: Histogram<'method' | 'route' | 'status'>;
  private readonly figures: ReadonlyMap<string, Gauge>;
  private reading: Promise<void> | null = null;

  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    @Inject(OPERATIONS) private readonly operations: Operations,
  ) {
    const { registry } = this;
    registry.setDefaultLabels({ role: operations.role });
    collectDefaultMetrics({ register: registry });
    this.http = new Histogram({
      name: 'heyi_http_request_duration_seconds',
      help: '接口应答用时 / time an answer took',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers: [registry],
    });
    this.figures = new Map([...this.poolGauges(), ...this.databaseGauges()]);
  }

  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';

  answered({ method, route, status, seconds }: Answered): void {
    this.http.observe({ method, route, status: String(status) }, seconds);
  }

  /** The exposition text. A database that is down costs its own figures only. */
  async text(): Promise<string> {
    if (TELLS_OF_THE_DATABASE.has(this.operations.role)) {
      this.reading ??= this.readDatabase().finally(() => {
        this.reading = null;
      });
      await this.reading;
    }
    return this.registry.metrics();
  }

  private async readDatabase(): Promise<void> {
    for (const name of Object.keys(FIGURES)) this.figures.get(name)?.reset();
    try {
      const { samples, age } = await readFigures(this.pool);
      for (const [name, each] of samples) {
        for (const { labels, value } of each) this.figures.get(name)?.set(labels, value);
      }
      this.figures.get('work_oldest_due_seconds')?.set(age.oldestDueSeconds);
      this.figures.get('work_idle_seconds')?.set(age.idleSeconds);
      this.figures.get('database_up')?.set(1);
    } catch {
      this.figures.get('database_up')?.set(0);
    }
  }

  private databaseGauges(): readonly (readonly [string, Gauge])[] {
    const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
      [name, this.gauge(name, help, labelNames)] as const;
    if (!TELLS_OF_THE_DATABASE.has(this.operations.role)) return [];
    return [
      ...Object.entries(FIGURES).map(([name, { help, labels }]) =>
        gauge(name as FigureName, help, labels),
      ),
      gauge('work_oldest_due_seconds', '最久的到期工作已等待秒数 / age of the oldest due work'),
      gauge(
        'work_idle_seconds',
        '有到期工作却无进展的秒数 / time nothing moved although work is due',
      ),
      gauge('database_up', '数据库是否应答 / whether the database answers'),
    ];
  }

  private poolGauges(): readonly (readonly [string, Gauge])[] {
    const { pool } = this;
    const gauge = new Gauge({
      name: 'heyi_pool_connections',
      help: '连接池用量；waiting 为排队等候者 / use of the connection pool',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        this.set({ state: 'open' }, pool.totalCount);
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
    return [['pool_connections', gauge]];
  }

  private gauge(name: string, help: string, labelNames: readonly string[]): Gauge {
    return new Gauge({
      name: `heyi_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
  }
}
