import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../config/errors.js';
import { loadYaml } from '../../config/yaml.loader.js';
import { type CsvRow, cellOf, parseCsv } from '../../knowledge/csv.js';
import { VALUE_TYPES } from '../../tables/field-value.js';
import { type AgencyCodes, agencyCodesSchema } from './agency-codes.js';
import { UnspecifiedCodesError } from './errors.js';
import type { WireField } from './wire-table.js';

/** The field table of a national object, `config/agency/audit/<name>.csv`. @throws ConfigError with file and line */
export function loadWireTable(configDir: string, name: string): readonly WireField[] {
  const path = join(configDir, 'agency', 'audit', `${name}.csv`);
  const rows = parseCsv(readFileSync(path, 'utf8'), path);
  return rows.map((row, index) => fieldOf(row, { path, line: index + 2 }));
}

function fieldOf(row: CsvRow, at: { readonly path: string; readonly line: number }): WireField {
  const type = cellOf(row, 'type');
  const known = VALUE_TYPES.find((each) => each === type);
  if (known === undefined && type !== 'rows')
    throw new ConfigError([{ ...at, column: 1, message: `type 列没有 ${type} 这个值` }]);
  const size = /^(\d+)(?:,(\d+))?$/.exec(cellOf(row, 'length'));
  return {
    node: cellOf(row, 'node'),
    field: cellOf(row, 'field'),
    label: cellOf(row, 'label'),
    size:
      known === undefined
        ? null
        : {
            type: known,
            length: size === null ? null : Number(size[1]),
            decimals: Number(size?.[2] ?? 0),
          },
    required: cellOf(row, 'required') === 'Y',
    codelist: cellOf(row, 'codelist') || null,
  };
}

/**
 * How an agency codes findings: `config/audit/agency-codes.yaml`, by the name of its interface profile.
 *
 * @throws ConfigError; UnspecifiedCodesError when nobody has written down that agency's codes
 */
export function loadAgencyCodes(configDir: string, profile: string): AgencyCodes {
  const { profiles } = loadYaml(join(configDir, 'audit', 'agency-codes.yaml'), agencyCodesSchema);
  const codes = profiles[profile];
  if (codes === undefined)
    throw new UnspecifiedCodesError(`没有写明接口方式 ${profile} 的疑点代码`, { profile });
  if ('unspecified' in codes)
    throw new UnspecifiedCodesError(`接口方式 ${profile} 的疑点代码未定：${codes.unspecified}`, {
      profile,
    });
  return codes;
}
