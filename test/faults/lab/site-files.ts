import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLINIC, CONSORTIUM, LEAD, TOWN } from './county.js';
import { ROOT } from './product.js';

/**
 * The laboratory's home folder and site: the shipped configuration with a few limits made as small as they may be (so that a small county
 * has several slices and pages), and a site of three members.
 */

/** The least the product allows: a county of some hundred claims is then read in several pages and slices, and no timeout takes minutes. */
const LIMITS = {
  batchRows: '100',
  sliceRows: '1000',
  statementTimeoutMs: '4000',
  connectTimeoutMs: '3000',
} as const;

export interface LabSite {
  readonly homeDir: string;
  readonly siteDir: string;
}

export interface SiteChoices {
  readonly limits?: Readonly<Record<string, string>>;
  readonly schedule?: string;
}

export function writeHome(folder: string, choices: SiteChoices = {}): LabSite {
  const homeDir = join(folder, 'home');
  const siteDir = join(homeDir, 'site');
  mkdirSync(homeDir, { recursive: true });
  cpSync(join(ROOT, 'config'), join(homeDir, 'config'), { recursive: true });
  symlinkSync(join(ROOT, 'knowledge'), join(homeDir, 'knowledge'));
  const limitsPath = join(homeDir, 'config/limits.yaml');
  const wanted = { ...LIMITS, ...choices.limits };
  writeFileSync(limitsPath, withLimits(readFileSync(limitsPath, 'utf8'), wanted));
  for (const shared of ['overlays', 'dip', 'audit.yaml']) {
    cpSync(join(ROOT, 'config/demo', shared), join(siteDir, shared), { recursive: true });
  }
  const records = readFileSync(join(ROOT, 'config/demo/records.yaml'), 'utf8');
  const files = {
    'consortium.yaml': CONSORTIUM_YAML,
    'agency.yaml': AGENCY_YAML,
    'schedule.yaml': choices.schedule ?? SCHEDULE_YAML,
    'records.yaml': records
      .replace(/^consortium: .*/m, `consortium: ${CONSORTIUM}`)
      .replace(/^sanctions:[\s\S]*/m, ''),
    'institutions/lead.yaml': hospitalYaml(LEAD, 'lead'),
    'institutions/town.yaml': hospitalYaml(TOWN, 'town'),
    'institutions/clinic.yaml': CLINIC_YAML,
    'institutions/templates/his.yaml': HIS_TEMPLATE,
  };
  mkdirSync(join(siteDir, 'institutions/templates'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(siteDir, name), text);
  return { homeDir, siteDir };
}

/**
 * @param wanted  new values by `name` (its first occurrence) or `section.name`
 * @throws when the shipped file no longer has a limit of that name: the experiment would not test what it says
 */
function withLimits(text: string, wanted: Readonly<Record<string, string>>): string {
  return Object.entries(wanted).reduce((edited, [path, value]) => {
    const [name = '', section] = path.split('.').reverse();
    const from = section === undefined ? 0 : edited.search(new RegExp(`^${section}:`, 'm'));
    const line = new RegExp(`^(  ${name}: )\\d+`, 'm');
    const [before, after] = [edited.slice(0, Math.max(from, 0)), edited.slice(Math.max(from, 0))];
    if (from < 0 || !line.test(after)) throw new Error(`config/limits.yaml has no limit ${path}`);
    return before + after.replace(line, `$1${value}`);
  }, text);
}

const CONSORTIUM_YAML = `consortium: ${CONSORTIUM}
name: 试验县紧密型县域医共体
region: sanya
timezone: Asia/Shanghai
leadHospital: ${LEAD}
certificateKey: \${HEYI_CERTIFICATE_KEY}
members:
  - { institution: ${LEAD}, name: 试验县人民医院, kind: lead-hospital, level: tertiary }
  - { institution: ${TOWN}, name: 试验镇卫生院, kind: township-centre, level: primary }
  - { institution: ${CLINIC}, name: 试验村卫生室, kind: village-clinic, level: village, settledBy: ${TOWN} }
`;

const AGENCY_YAML = `profile: sandbox
connection:
  url: \${HEYI_AGENCY_URL}
  timeoutMs: 1500
treatmentArea: 460200
settlementAgency: 460299
operator: { code: heyi, name: 合医网关, type: 1 }
settlementUnits:
  - { institution: ${LEAD}, name: 试验县人民医院 }
  - { institution: ${TOWN}, name: 试验镇卫生院 }
`;

const SCHEDULE_YAML = `timezone: Asia/Shanghai
ticks: []
monthEnd:
  close: automatic
  confirmHard:
    decidedBy: 合规负责人
    reason: 常设授权
`;

/** Periods stay open until somebody closes them: what is missing may still come. */
export const BY_HAND = `timezone: Asia/Shanghai
ticks: []
monthEnd:
  close: manual
`;

const hospitalYaml = (institution: string, schema: string): string => `institution: ${institution}
template: his.yaml
options: { port: '\${HEYI_LAB_${schema.toUpperCase()}_PORT}', schema: ${schema} }
`;

const HIS_TEMPLATE = `connector: postgres
options:
  host: 127.0.0.1
  database: \${HEYI_LAB_SOURCE}
  user: \${HEYI_LAB_USER}
  password: \${HEYI_LAB_PASSWORD}
streams:
  persons:
    query: SELECT insured_no, id_card, gender, birth_date, registered_at FROM patient
    cursor: registered_at
    key: [insured_no]
    map:
      personId: insured_no
      certificate: id_card
      sex: { from: gender, values: { M: male, F: female }, otherwise: unknown }
      birthDate: birth_date
  claims:
    query: SELECT * FROM settlement
    cursor: settled_at
    key: [settlement_id]
    map:
      claimNo: settlement_id
      refundOf: refund_of
      personId: insured_no
      pool: { from: insurance_type, values: { '310': employee, '390': resident } }
      careType: { from: visit_type, values: { '11': outpatient, '14': chronic, '21': inpatient } }
      settledAt: settled_at
      admittedAt: admitted_at
      dischargedAt: discharged_at
      totalFee: total_fee
      eligible: eligible_fee
      deductible: deductible
      pooledFundPaid: pooled_fund
      criticalIllnessPaid: critical_illness
      fundPaid: fund_total
      accountPaid: account_paid
      cashPaid: cash_paid
  lines:
    query: SELECT * FROM fee_line
    cursor: settled_at
    key: [line_id]
    map:
      claimNo: settlement_id
      settledAt: settled_at
      lineNo: line_id
      chargedAt: charged_at
      institutionItemCode: item_code
      itemName: item_name
      itemKind: { constant: service }
      quantity: quantity
      unitPrice: unit_price
      lineAmount: amount
      eligibleAmount: amount
  diagnoses:
    query: SELECT * FROM diagnosis
    cursor: settled_at
    key: [settlement_id]
    map:
      claimNo: settlement_id
      settledAt: settled_at
      sequence: { constant: '1' }
      code: code
      isPrincipal: { constant: 'true' }
`;

const CLINIC_YAML = `institution: ${CLINIC}
connector: csv
options:
  folder: \${HEYI_LAB_DROPS}
  files: settlements-{yyyyMMdd?}*.csv
  encoding: gb18030
streams:
  persons:
    distinct: [人员编号]
    control: { rows: '5' }
    map:
      personId: 人员编号
      certificate: 证件号码
      sex: { from: 性别, values: { 男: male, 女: female }, otherwise: unknown }
      birthDate: 出生日期
  claims:
    distinct: [结算号]
    control: { rows: '3', amount: '4' }
    map:
      claimNo: 结算号
      personId: 人员编号
      pool: { from: 险种, values: { '310': employee, '390': resident } }
      careType: { from: 医疗类别, values: { '11': outpatient, '14': chronic } }
      settledAt: 结算时间
      totalFee: 总费用
      eligible: 总费用
      deductible: { constant: '0' }
      pooledFundPaid: 统筹支付
      fundPaid: 基金合计
      accountPaid: 账户支付
      cashPaid: 现金支付
  lines:
    control: { rows: '1', amount: '2' }
    map:
      claimNo: 结算号
      settledAt: 结算时间
      lineNo: 明细序号
      chargedAt: 结算时间
      institutionItemCode: 项目编码
      itemName: 项目名称
      itemKind: { constant: service }
      quantity: 数量
      unitPrice: 单价
      lineAmount: 金额
      eligibleAmount: 金额
  diagnoses:
    distinct: [结算号]
    control: { rows: '3' }
    map:
      claimNo: 结算号
      settledAt: 结算时间
      sequence: { constant: '1' }
      code: 诊断编码
      isPrincipal: { constant: 'true' }
`;
