import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadYaml } from '../config/yaml.loader.js';
import { type Schedule, scheduleSchema } from './schedule.js';

/** A site without the file runs nothing by itself. @throws ConfigError */
export function loadSchedule(siteDir: string): Schedule {
  const path = join(siteDir, 'schedule.yaml');
  return existsSync(path) ? loadYaml(path, scheduleSchema) : BY_HAND;
}

const BY_HAND: Schedule = {
  timezone: 'Asia/Shanghai',
  ticks: [],
  monthEnd: { close: 'manual' },
  whenDue: [],
};
