import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ConfigError } from '../config/errors.js';
import { loadYaml } from '../config/yaml.loader.js';
import type { RegionChain } from '../policy/resolve.js';
import { checkedRecordsSchema, type Records, recordsSchema } from './records.js';
import {
  type SettlementUnits,
  settlementUnits,
  settlementUnitsSchema,
} from './settlement-units.js';

/** The site's records; none when the file does not exist yet: what needs one then says so. */
export function loadRecords(
  siteDir: string,
  { consortium, region }: SettlementUnits,
  chain: RegionChain,
): Records {
  const path = join(siteDir, 'records.yaml');
  if (!existsSync(path)) return recordsSchema.parse({ consortium, region });
  const records = loadYaml(path, checkedRecordsSchema(chain));
  if (records.consortium === consortium && records.region === region) return records;
  const message = `应为 consortium: ${consortium}、region: ${region}（与 consortium.yaml 一致）`;
  throw new ConfigError([{ path: relative(process.cwd(), path), line: 1, column: 1, message }]);
}

/** @throws ConfigError, also when the site has no consortium.yaml */
export function loadSettlementUnits(siteDir: string): SettlementUnits {
  const path = join(siteDir, 'consortium.yaml');
  if (!existsSync(path)) {
    const message =
      '找不到站点配置：请把 config/demo 复制为 config/site 后修改，或用 --site 指定站点目录';
    throw new ConfigError([{ path: relative(process.cwd(), path), line: 0, column: 0, message }]);
  }
  return settlementUnits(
    loadYaml(path, settlementUnitsSchema, { secretsUnder: ['certificateKey'], environment: null }),
  );
}
