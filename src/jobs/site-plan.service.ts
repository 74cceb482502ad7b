import { Inject, Injectable } from '@nestjs/common';
import { ConfigError } from '../config/errors.js';
import { SITE, type Site } from '../config/site.js';
import { loadConsortium, loadInstitutions } from '../ingest/consortium.loader.js';
import { STREAMS } from '../ingest/fields.js';
import type { PlanInput } from './plan.js';
import { monthEndOf, type Schedule } from './schedule.js';
import { loadSchedule } from './schedule.loader.js';

/** What the site's files say about runs: who is read, and what happens at a month's end. Read anew for each run. */
@Injectable()
export class SitePlan {
  private readers: ReadonlyMap<string, number> | null = null;

  constructor(@Inject(SITE) private readonly site: Site) {}

  /** @throws ConfigError */
  input(): PlanInput {
    const { consortium } = loadConsortium(this.site.siteDir);
    const institutions = loadInstitutions(this.site);
    const sources = [...institutions.values()]
      .map(({ institution, streams }) => ({
        institution,
        streams: STREAMS.filter((name) => streams[name] !== undefined),
      }))
      .sort((a, b) => (a.institution < b.institution ? -1 : 1));
    return { consortium, sources, monthEnd: monthEndOf(this.schedule()) };
  }

  /** Readers a member's own file allows at once; null: it says nothing. Read once a process, as the sources are. */
  readersAtOnce(institution: string): number | null {
    this.readers ??= this.readersBySource();
    return this.readers.get(institution) ?? null;
  }

  /** Files that cannot be read say nothing: whoever reads the source reports them. */
  private readersBySource(): ReadonlyMap<string, number> {
    try {
      return new Map(
        [...loadInstitutions(this.site)].flatMap(([institution, { limits }]) =>
          limits.readersAtOnce === undefined ? [] : [[institution, limits.readersAtOnce] as const],
        ),
      );
    } catch (error) {
      if (error instanceof ConfigError) return new Map();
      throw error;
    }
  }

  /** @throws ConfigError */
  schedule(): Schedule {
    return loadSchedule(this.site.siteDir);
  }
}
