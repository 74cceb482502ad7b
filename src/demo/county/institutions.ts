/**
 * The members of the fictitious county. Codes, names and people are invented; only the region's number is real.
 */
export type SourceKind = 'lead' | 'tcm' | 'township' | 'clinic-xml' | 'clinic-csv';
export type Level = 'village' | 'primary' | 'secondary' | 'tertiary';

export interface Institution {
  /** 12-character institution code. */
  readonly code: string;
  readonly name: string;
  readonly source: SourceKind;
  readonly level: Level;
  /** Institution with a settlement identity; a village clinic's township centre. */
  readonly settledBy: string;
  /** Name of its configuration file and of its drop folder. */
  readonly slug: string;
}

const own = (row: Omit<Institution, 'settledBy'>): Institution => ({ ...row, settledBy: row.code });

export const LEAD = own({
  code: 'H46029900001',
  name: '示范县人民医院',
  source: 'lead',
  level: 'tertiary',
  slug: 'lead-hospital',
});
export const TCM = own({
  code: 'H46029900002',
  name: '示范县中医院',
  source: 'tcm',
  level: 'secondary',
  slug: 'tcm-hospital',
});
export const TOWNSHIPS: readonly Institution[] = [
  ['H46029900011', '椰林镇卫生院', 'township-yelin'],
  ['H46029900012', '红沙镇卫生院', 'township-hongsha'],
  ['H46029900013', '北岭镇卫生院', 'township-beiling'],
].map(([code = '', name = '', slug = '']) =>
  own({ code, name, source: 'township', level: 'primary', slug }),
);

const VILLAGES = [
  '新村',
  '港尾',
  '东头',
  '石井',
  '沙坡',
  '田坎',
  '椰子园',
  '红旗',
  '山脚',
  '水口',
  '竹林',
  '北坡',
];

export const CLINICS: readonly Institution[] = VILLAGES.map((village, index) => ({
  code: `H460299001${String(index + 1).padStart(2, '0')}`,
  name: `${village}村卫生室`,
  source: index < 6 ? ('clinic-xml' as const) : ('clinic-csv' as const),
  level: 'village' as const,
  settledBy: TOWNSHIPS[index % TOWNSHIPS.length]?.code ?? '',
  slug: `clinic-${String(index + 1).padStart(2, '0')}`,
}));

export const INSTITUTIONS: readonly Institution[] = [LEAD, TCM, ...TOWNSHIPS, ...CLINICS];

export function institutionOf(code: string): Institution {
  const found = INSTITUTIONS.find((institution) => institution.code === code);
  if (found === undefined) throw new RangeError(`no institution ${code} in the demo county`);
  return found;
}
