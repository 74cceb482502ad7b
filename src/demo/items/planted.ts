import { type Item, itemsOf } from './item.js';

/** Items that only planted cases and their compliant twins use; each stands in one national limit list. */
export const PLANTED_DRUGS: readonly Item[] = itemsOf('drug', [
  ['scar-ointment', 'ZH01AAB0066010100716', '128', 0],
  ['thymalfasin', 'XL03AXX234B001010100568', '168', 0],
  ['carboprost', 'XG02ADK026B002010100568', '198', 0],
  ['nesiritide', 'XC01EBC109B001010102049', '438', 100],
  ['guanxinning', 'ZA12HAG0369010102729', '24.6', 0],
  ['reduning', 'ZA04BAR0001010101463', '29.8', 0],
  ['midazolam-oral', 'XN05CDM084X001010102000', '58', 0],
]);

export const PLANTED_SERVICES: readonly Item[] = itemsOf('service', [
  ['semen', '002501040040000', '28', 0],
  ['cervix-biopsy', '003112010080000', '86', 0],
  ['newborn-warmer', '003112020010000', '68', 0],
  ['child-tuina', '004500000100000', '32', 0],
  ['job-training', '003402000320000', '45', 0],
  ['decompression', '001209000010000', '22', 0],
  ['ventilator', '003106030010000', '18', 0],
  ['fructosamine', '002503020020000', '26', 0],
  ['weight-support', '003402000210000', '56', 0],
  ['glucose-tolerance', '003102050010000', '42', 0],
  ['invasive-pressure', '003107020020000', '16', 0],
  ['vulva-suture', '003313050010000', '186', 0],
  ['oophorectomy', '003313010020000', '1486', 0],
  ['salpingectomy', '003313020040000', '1296', 0],
  ['gastrectomy', '003310020030000', '3286', 0],
]);
