import type { DemoClaim, DemoLine } from '../claims/model.js';
import { dateOfDay } from '../county/calendar.js';
import { patientsOf } from '../county/county.js';
import { certificateAt, type WrongCertificates } from '../county/dirt.js';
import { TCM } from '../county/institutions.js';
import { localCodeOf } from '../items/catalogue.js';
import { moneyOf } from './lead-database.js';
import {
  CARE_CODES,
  type Cell,
  INSURANCE_CODES,
  nameOf,
  type SourceContext,
  type SourceDatabase,
  type SourceTable,
  settledAt,
  timestampOf,
  yuanText,
} from './source-table.js';

const KINDS = { drug: '药品', 'tcm-piece': '饮片', service: '诊疗', material: '耗材' } as const;
const DISCHARGE = {
  ordered: '医嘱离院',
  transfer: '医嘱转院',
  'against-advice': '非医嘱离院',
} as const;

/**
 * The TCM hospital: Chinese names, money as double precision, quantity = doses × grams, and a reversal is a row of its own whose
 * amounts are positive and whose status says that it takes another back.
 */
export function tcmDatabase(
  claims: readonly DemoClaim[],
  { names, wrong }: SourceContext,
): SourceDatabase {
  return {
    database: 'tcm_his',
    schemas: ['public'],
    tables: [
      patients(claims, wrong),
      settlements(claims),
      feeLines(claims, names),
      ...coded(claims),
    ],
  };
}

function patients(claims: readonly DemoClaim[], wrong: WrongCertificates): SourceTable {
  return {
    name: 'public.病人信息',
    definitions: [
      '人员编号 text NOT NULL',
      '证件号码 text NOT NULL',
      '性别 text NOT NULL',
      '出生日期 date NOT NULL',
      '建档时间 timestamp NOT NULL',
    ],
    primaryKey: ['人员编号'],
    indexed: ['建档时间'],
    rows: [...patientsOf(claims).values()].map(({ person, day }) => [
      person.id,
      certificateAt(TCM, person, wrong),
      person.sex === 'male' ? '男' : '女',
      person.birthDate,
      timestampOf(day, 7 * 60 + 30),
    ]),
  };
}

const MONEY_COLUMNS = [
  '总费用',
  '符合范围',
  '起付线',
  '统筹支付',
  '大病支付',
  '大额支付',
  '医疗救助',
  '基金合计',
  '账户支付',
  '现金支付',
];

function settlements(claims: readonly DemoClaim[]): SourceTable {
  return {
    name: 'public.结算主表',
    definitions: [
      '结算号 text NOT NULL',
      '结算状态 text NOT NULL',
      '原结算号 text',
      '人员编号 text NOT NULL',
      '性别 text NOT NULL',
      '出生日期 date NOT NULL',
      '险种 text NOT NULL',
      '医疗类别 text NOT NULL',
      '科室 text',
      '入院时间 timestamp',
      '出院时间 timestamp',
      '离院方式 text',
      '结算时间 timestamp NOT NULL',
      ...MONEY_COLUMNS.map((name) => `${name} double precision NOT NULL`),
    ],
    primaryKey: ['结算号'],
    indexed: ['结算时间'],
    rows: claims.map((claim) => {
      const [, ...money] = moneyOf(claim).map((text) => text.replace('-', ''));
      return [...headOf(claim), summedAsDoubles(claim), ...money];
    }),
  };
}

function headOf(claim: DemoClaim): Cell[] {
  const { person, stay } = claim;
  return [
    claim.claimNo,
    claim.refunds === null ? '1' : '2',
    claim.refunds?.claimNo ?? null,
    person.id,
    person.sex === 'male' ? '男' : '女',
    person.birthDate,
    INSURANCE_CODES[person.pool],
    CARE_CODES[claim.careType],
    claim.department,
    stay === null ? null : timestampOf(stay.admittedDay, stay.admittedMinute),
    stay === null ? null : timestampOf(stay.dischargedDay, stay.dischargedMinute),
    stay === null ? null : DISCHARGE[stay.mode],
    settledAt(claim),
  ];
}

/** Adds up as the old system does, in doubles: 0.1 + 0.2 and its kind end up in the table. */
function summedAsDoubles(claim: DemoClaim): string {
  const total = claim.lines.reduce((sum, line) => sum + Number(yuanText(line.amount)), 0);
  const exact = Number(yuanText(claim.money.total));
  return String(Math.abs(Math.abs(total - exact) < 1e-7 ? total : exact));
}

function feeLines(claims: readonly DemoClaim[], names: ReadonlyMap<string, string>): SourceTable {
  return {
    name: 'public.费用明细',
    definitions: [
      '结算号 text NOT NULL',
      '明细序号 text NOT NULL',
      '结算时间 timestamp NOT NULL',
      '记账时间 timestamp NOT NULL',
      '项目编码 text NOT NULL',
      '项目名称 text NOT NULL',
      '类别 text NOT NULL',
      '付数 double precision NOT NULL',
      '数次 double precision NOT NULL',
      '单价 double precision NOT NULL',
      '金额 double precision NOT NULL',
      '范围内金额 double precision NOT NULL',
      '处方号 text',
      '科室 text',
      '医师 text',
    ],
    primaryKey: ['结算号', '明细序号'],
    indexed: ['结算时间'],
    rows: claims.flatMap((claim) =>
      claim.lines.map((line) => [
        claim.claimNo,
        line.lineNo,
        settledAt(claim),
        timestampOf(line.day, line.minute),
        localCodeOf('tcm', line.item),
        nameOf(line, names),
        KINDS[line.item.kind],
        ...dosesAndGrams(line),
        String(Number(line.item.price) / 10_000),
        yuanText(line.amount).replace('-', ''),
        yuanText(line.eligible).replace('-', ''),
        line.prescription,
        claim.department,
        line.doctor,
      ]),
    ),
  };
}

/** Seven doses where the quantity allows it, else one. */
function dosesAndGrams({ item, quantity }: DemoLine): [string, string] {
  const units = Math.abs(quantity);
  const doses = item.kind === 'tcm-piece' && units % 7 === 0 ? 7 : 1;
  return [String(doses), String(units / doses)];
}

function coded(claims: readonly DemoClaim[]): SourceTable[] {
  const shared = [
    '结算号 text NOT NULL',
    '结算时间 timestamp NOT NULL',
    '序号 integer NOT NULL',
    '编码 text NOT NULL',
    '主要 text NOT NULL',
  ];
  const rows = (codes: (claim: DemoClaim) => readonly Cell[][]): Cell[][] =>
    claims.flatMap((claim) =>
      codes(claim).map((cells) => [claim.claimNo, settledAt(claim), ...cells]),
    );
  return [
    {
      name: 'public.诊断记录',
      definitions: shared,
      primaryKey: ['结算号', '序号'],
      indexed: ['结算时间'],
      rows: rows(({ diagnoses }) =>
        diagnoses.map((code, index) => [String(index + 1), code, index === 0 ? '是' : '否']),
      ),
    },
    {
      name: 'public.手术记录',
      definitions: [...shared, '手术日期 date'],
      primaryKey: ['结算号', '序号'],
      indexed: ['结算时间'],
      rows: rows(({ procedures, stay }) =>
        procedures.map((code, index) => [
          String(index + 1),
          code,
          index === 0 ? '是' : '否',
          stay === null ? null : dateOfDay(stay.admittedDay + 1),
        ]),
      ),
    },
  ];
}
