import { type Item, itemsOf, tenThousandths } from './item.js';

/**
 * TCM pieces (中药饮片), priced by the gram; quantity = doses × grams. The national ones are payable only beside others, so every
 * prescription of the county also holds a piece from the local list below.
 */
export const PIECES: readonly Item[] = itemsOf('tcm-piece', [
  ['huangqi', 'T001700368', '0.1865', 0],
  ['danggui', 'T001700173', '0.2240', 0],
  ['fuling', 'T000600266', '0.0985', 0],
  ['shanyao', 'T001700667', '0.1132', 0],
  ['chenpi', 'T000800112', '0.0768', 0],
  ['baihe', 'T001700012', '0.1420', 0],
  ['gouqizi', 'T001700294', '0.1576', 0],
  ['juhua', 'T000100467', '0.1695', 0],
]);

const local = (key: string, name: string, kind: Item['kind'], price: string): Item => ({
  key,
  code: null,
  name,
  kind,
  price: tenThousandths(price),
  selfPaidPermille: 0,
});

/** Local items without a national code: what the mapping worklist must show, ranked by money. */
export const UNMAPPED_PIECES: readonly Item[] = [
  local('local-gancao', '甘草(本院炮制)', 'tcm-piece', '0.0826'),
  local('local-baishao', '白芍(本院炮制)', 'tcm-piece', '0.1014'),
  local('local-baizhu', '白术(本院炮制)', 'tcm-piece', '0.1288'),
];
export const UNMAPPED_OTHERS: readonly Item[] = [
  local('local-dressing', '伤口敷料(旧编码)', 'material', '16.5'),
  local('local-decoction', '代煎服务(旧编码)', 'service', '3'),
];
