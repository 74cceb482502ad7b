import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from '../config/site.js';
import { loadYaml } from '../config/yaml.loader.js';
import { byText } from '../kernel/order.js';
import { calendarYearSchema, siteCalendarSchema } from './calendar-file.js';
import { WorkingDays } from './working-days.js';

/** The product's calendar with the site's own days. @throws ConfigError */
export function loadWorkingDays({ configDir, siteDir }: Site): WorkingDays {
  const folder = join(configDir, 'calendar');
  const names = existsSync(folder) ? readdirSync(folder).sort(byText) : [];
  const years = names
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => loadYaml(join(folder, name), calendarYearSchema));
  const own = join(siteDir, 'calendar.yaml');
  return WorkingDays.of(years, existsSync(own) ? loadYaml(own, siteCalendarSchema) : null);
}
