import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadYaml } from '../config/yaml.loader.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { notBuiltSchema } from './not-built.js';
import { type Rule, ruleSchema } from './rule.js';
import { rulePage } from './rule-page.js';
import { loadRulePages } from './rule-page.loader.js';
import { priceCap } from './tables/index.js';

const root = join(import.meta.dirname, '../..');

describe('the list of rules', () => {
  it('is committed as the rules have it, with the tables and registers; if not, run npx heyi rules-doc', () => {
    const pages = loadRulePages(join(root, 'config'), loadKnowledgeBase(join(root, 'knowledge')));
    expect(pages.size).toBe(3);
    for (const [path, page] of pages)
      expect(readFileSync(join(root, 'docs', path), 'utf8')).toBe(page);
  });

  it('says of a rule what it needs, deducts and misses', () => {
    const page = rulePage({
      rules: [{ rule: rule({}), needs: { tables: [priceCap], registers: ['coverage'] } }],
      documents: { law: { title: '某条例', number: '某令第 1 号' } },
      exemptions: new Map([['newborn', { label: '新生儿' }]]),
      notBuilt: {},
    });
    expect(page).toContain('### CHG-99 超过限价');
    expect(page).toContain(
      '| 需要 | 本地表“医疗服务项目、耗材、药品最高单价”（price-cap.csv）；登记“参保期间”（coverage） |',
    );
    expect(page).toContain('| 扣款 | 高于限价部分对应的基金支付金额 |');
    expect(page).toContain('| 不能发现 | 看不到手工改价 |');
    expect(page).toContain('| 依据 | 《某条例》（某令第 1 号）§3 |');
    expect(page).toContain('| 豁免 | 新生儿 |');
    expect(page).toContain('| 参数 | 容许小时数 24；other 1、2 |');
    expect(page).toContain('[CHG-99](#chg-99-超过限价)');
  });

  it('deducts nothing for a clue, whatever its basis', () => {
    const page = rulePage({
      rules: [{ rule: rule({ class: 'CLUE' }), needs: {} }],
      documents: {},
      exemptions: new Map(),
      notBuilt: {},
    });
    expect(page).toContain('| 扣款 | 不扣款（涉及金额：');
  });
});

/** The framework of smart audit as it is specified: how many rules each group has. */
const FRAMEWORK = { ELG: 9, CAT: 18, CHG: 15, QTY: 7, RX: 9, INP: 9, CMX: 7, OPD: 7, STA: 10 };

describe('the framework of 91 rules', () => {
  const audit = join(root, 'config/audit');
  const built = ['rules', 'indicators'].flatMap((folder) =>
    readdirSync(join(audit, folder)).map((name) => basename(name, '.yaml')),
  );
  const missing = loadYaml(join(audit, 'not-built.yaml'), notBuiltSchema);

  it('is built, or said to be missing its data, and never both', () => {
    const all = Object.entries(FRAMEWORK).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, at) => `${group}-${String(at + 1).padStart(2, '0')}`),
    );
    expect([...built, ...Object.keys(missing)].sort()).toEqual(all.sort());
  });

  it('shows on the page what is not built and why', () => {
    const page = rulePage({
      ...{ rules: [], documents: {}, exemptions: new Map() },
      notBuilt: { 'STA-99': { title: '某指标', titleEn: 'Some rate', missing: '没有库存|数据' } },
    });
    expect(page).toContain('## 未实现的规则');
    expect(page).toContain('| STA-99 | 某指标 Some rate | 没有库存\\|数据 |');
  });
});

function rule(other: Readonly<Record<string, unknown>>): Rule {
  return ruleSchema.parse({
    id: 'CHG-99',
    version: '1.0',
    title: '超过限价',
    titleEn: 'Above the price cap',
    template: 'price-cap',
    params: { toleranceHours: '24', other: ['1', '2'] },
    class: 'HARD',
    status: 'ACTIVE',
    effective: { from: '2024-01-01' },
    basis: ['law §3'],
    deduction: 'PRICE_EXCESS',
    message: '单价 {price}',
    exempt: ['newborn'],
    explain: { means: '单价高于限价', fires: '单价高于限价时', misses: '看不到手工改价' },
    cases: [1, 2],
    ...other,
  });
}
