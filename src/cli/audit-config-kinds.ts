import { statisticSchema } from '../assessment/statistics/statistic.js';
import { checkStatisticFile } from '../assessment/statistics/statistics.loader.js';
import { exemptionsSchema } from '../audit/exemption.js';
import { agencyCodesSchema } from '../audit/export/agency-codes.js';
import { lifecycleSchema } from '../audit/governance/lifecycle.js';
import { notBuiltSchema } from '../audit/not-built.js';
import { opinionsSchema } from '../audit/review-settings.js';
import { ruleSchema } from '../audit/rule.js';
import { checkRuleFile, documentsSchema } from '../audit/rules.loader.js';
import { scopedExemptionsSchema } from '../audit/scoped-exemption.js';
import { settingsFileSchema, settingsOverlaySchema } from '../audit/settings.js';
import type { ConfigKind } from './config-kind.js';

/** Files of the audit, sorted by name. */
export const AUDIT_KINDS: readonly ConfigKind[] = [
  {
    name: 'audit-agency-codes',
    below: 'config',
    pattern: 'audit/agency-codes.yaml',
    schema: agencyCodesSchema,
    describe: '疑点按国家接口导出所用的代码 / codes with which findings leave as national objects',
  },
  {
    name: 'audit-documents',
    below: 'config',
    pattern: 'audit/documents.yaml',
    schema: documentsSchema,
    describe: '审核规则引用的文件 / documents that audit rules cite',
  },
  {
    name: 'audit-exemptions',
    below: 'config',
    pattern: 'audit/exemptions.yaml',
    schema: exemptionsSchema,
    describe: '审核豁免情形 / why a hit is legitimate after all',
  },
  {
    name: 'audit-indicator',
    below: 'config',
    pattern: 'audit/indicators/*.yaml',
    schema: statisticSchema,
    describe: '统计规则（线索，不扣款）/ a statistics rule: a clue, never money',
    check: checkStatisticFile,
  },
  {
    name: 'audit-lifecycle',
    below: 'config',
    pattern: 'audit/lifecycle.yaml',
    schema: lifecycleSchema,
    describe: '规则从起草到启用的条件 / what a rule needs to go from draft to money',
  },
  {
    name: 'audit-not-built',
    below: 'config',
    pattern: 'audit/not-built.yaml',
    schema: notBuiltSchema,
    describe:
      '没有实现的规则与缺少的数据 / rules that are not built, and the data they are short of',
  },
  {
    name: 'audit-opinions',
    below: 'config',
    pattern: 'audit/opinions.yaml',
    schema: opinionsSchema,
    describe: '审核意见模板 / reason codes of a review, with texts',
  },
  {
    name: 'audit-overlay',
    below: 'site',
    pattern: 'audit.yaml',
    schema: settingsOverlaySchema,
    describe: '本站点的审核设置与规则启停 / what a site sets or switches in the audit',
  },
  {
    name: 'audit-rule',
    below: 'config',
    pattern: 'audit/rules/*.yaml',
    schema: ruleSchema,
    describe: '审核规则 / one audit rule',
    check: checkRuleFile,
  },
  {
    name: 'audit-settings',
    below: 'config',
    pattern: 'audit/settings.yaml',
    schema: settingsFileSchema,
    describe: '审核总体设置 / settings of the audit',
  },
  {
    name: 'audit-site-exemptions',
    below: 'site',
    pattern: 'audit/exemptions.yaml',
    schema: scopedExemptionsSchema,
    describe: '本站点的专项豁免 / a site’s own exemptions from audit rules',
  },
];
