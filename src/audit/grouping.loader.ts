import { join } from 'node:path';
import { ConfigError } from '../config/errors.js';
import { groupCase } from '../grouping/dip/group-case.js';
import { loadRulePackage } from '../grouping/dip/rule-package.loader.js';
import type { DrgTables } from '../grouping/drg/drg-tables.js';
import { loadDrgTables } from '../grouping/drg/drg-tables.loader.js';
import { groupDrg } from '../grouping/drg/group-drg.js';
import { ageAtAdmission, type Grouping } from './grouping.js';
import type { AuditSettings } from './settings.js';

/**
 * The grouper that the settings name.
 *
 * @returns null when the region left it open
 * @throws ConfigError when the site has no DIP package of that name, or a broken one
 */
export function loadGrouping(
  setting: AuditSettings['grouping'],
  siteDir: string | null,
): Grouping | null {
  if ('unspecified' in setting) return null;
  return 'drg' in setting ? byDrg(setting.drg) : byDip(setting.dip, siteDir);
}

/** The tables are read when the first case is grouped: most runs group none. */
function byDrg(scheme: string): Grouping {
  let tables: DrgTables | null = null;
  return {
    name: scheme,
    groupOf(found) {
      const { sex, diagnoses, procedures } = found;
      const age = ageAtAdmission(found);
      if (sex === 'unknown' || age === null) return null;
      tables ??= loadDrgTables(`drg/${scheme}`);
      const { status, drg } = groupDrg(
        {
          ...{ sex, ageYears: age.years, ageDays: age.days, birthWeightGrams: null },
          ...{ diagnoses, operations: procedures },
        },
        tables,
      );
      return status === '分组成功' ? drg : null;
    },
  };
}

function byDip(name: string, siteDir: string | null): Grouping {
  const folder = join(siteDir ?? '', 'dip');
  const found = siteDir === null ? null : loadRulePackage(folder, name);
  if (found === null) {
    const path = join(siteDir ?? '', 'audit.yaml');
    const message = `grouping：dip 文件夹中没有名为 ${name} 的分值包`;
    throw new ConfigError([{ path, line: 0, column: 0, message }]);
  }
  return {
    name: `${name} ${found.digest.slice(0, 12)}`,
    groupOf: ({ diagnoses, procedures, costFen }) =>
      groupCase(
        { principalDiagnosis: diagnoses[0] ?? null, operations: procedures, cost: costFen },
        found.catalogue,
      )?.code ?? null,
  };
}
