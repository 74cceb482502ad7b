import type { SetId } from './knowledge.js';

interface RuleClass {
  readonly set: SetId;
  /** Code of rule framework 1.0 (规则框架体系 1.0 版); null for the classes added in 2025. */
  readonly officialCode: string | null;
}

/** The official rule classes that have knowledge points, by their name, and the set each belongs to. */
export const RULE_CLASSES: ReadonlyMap<string, RuleClass> = new Map<string, RuleClass>([
  ['药品区分性别使用', { set: 'drug-sex', officialCode: 'GZ10000301004000' }],
  ['医疗服务项目区分性别使用', { set: 'item-sex', officialCode: 'GZ10000302004000' }],
  ['药品儿童专用', { set: 'drug-age', officialCode: 'GZ10000301002000' }],
  ['药品限儿童使用', { set: 'drug-age', officialCode: 'GZ10000101007000' }],
  ['医疗服务项目儿童专用', { set: 'item-age', officialCode: 'GZ10000302003000' }],
  ['医疗服务项目限年龄', { set: 'item-age', officialCode: null }],
  ['药品限工伤保险', { set: 'insurance-type', officialCode: 'GZ10000101001000' }],
  ['药品限生育保险', { set: 'insurance-type', officialCode: 'GZ10000101002000' }],
  ['药品限就医方式', { set: 'care-setting', officialCode: null }],
  ['药品限医疗机构级别', { set: 'institution-level', officialCode: 'GZ10000101012000' }],
  ['药品限支付疗程', { set: 'drug-course-days', officialCode: 'GZ10000101010000' }],
  ['医疗服务项目限支付疗程', { set: 'item-course-days', officialCode: 'GZ10000102010000' }],
  ['医疗服务项目限定频次', { set: 'daily-frequency', officialCode: 'GZ10000102014000' }],
  ['医疗服务项目周期超频次', { set: 'cycle-frequency', officialCode: null }],
  ['医疗服务项目重复收费', { set: 'duplicate-pairs', officialCode: 'GZ10000102012000' }],
  ['手术项目未按规定折价收费', { set: 'incision-groups', officialCode: 'GZ10000102002000' }],
  ['中药饮片单复方均不予支付', { set: 'tcm-pieces', officialCode: 'GZ10000101003000' }],
  ['中药饮片单方使用不予支付', { set: 'tcm-pieces', officialCode: 'GZ10000101004000' }],
  ['药品限二线使用', { set: 'second-line', officialCode: 'GZ10000101005000' }],
  ['超互联网医院药品支付范围', { set: 'internet-scope', officialCode: null }],
  ['药品限适应症', { set: 'indication', officialCode: 'GZ10000101008000' }],
]);

/** The class of a set that has only one, or the more general of two; null when the rows themselves must tell. */
export function usualClass(set: SetId): string | null {
  const names = [...RULE_CLASSES].filter(([, ruleClass]) => ruleClass.set === set);
  return names.length === 1 || set === 'drug-age' ? (names[0]?.[0] ?? null) : null;
}
