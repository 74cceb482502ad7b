import { Inject, Injectable } from '@nestjs/common';
import { SITE, type Site } from '../config/site.js';
import { loadConsortium, loadInstitutions } from '../ingest/consortium.loader.js';
import { STREAMS } from '../ingest/fields.js';
import type { PlanInput } from './plan.js';
import { monthEndOf, type Schedule } from './schedule.js';
import { loadSchedule } from './schedule.loader.js';

/** What the site's files say about runs: who is read, and what happens at a month's end. Read anew for each run. */
@Injectable()
export class SitePlan {
  constructor(@Inject(SITE) private readonly site: Site) {}

  /** @throws ConfigError */
  input(): PlanInput {
    const { consortium } = loadConsortium(this.site.siteDir);
    const institutions = loadInstitutions(this.site.siteDir);
    const sources = [...institutions.values()]
      .map(({ institution, streams }) => ({
        institution,
        streams: STREAMS.filter((name) => streams[name] !== undefined),
      }))
      .sort((a, b) => (a.institution < b.institution ? -1 : 1));
    return { consortium, sources, monthEnd: monthEndOf(this.schedule()) };
  }

  /** @throws ConfigError */
  schedule(): Schedule {
    return loadSchedule(this.site.siteDir);
  }
}
