import { join } from 'node:path';
import { agencyProfileSchema, agencySiteSchema } from '../agency/profile.js';
import { indicatorsSchema } from '../assessment/indicator.js';
import { calendarYearSchema, siteCalendarSchema } from '../calendar/calendar-file.js';
import { limitsSchema } from '../config/limits.js';
import { rulePackageSchema } from '../grouping/dip/rule-package.js';
import { drgPackageSchema } from '../grouping/drg/drg-prices.js';
import { loadInstitution } from '../ingest/consortium.loader.js';
import { consortiumSchema } from '../ingest/consortium-config.js';
import { checkedProfile } from '../ingest/institution-check.js';
import { institutionFileSchema, templateSchema } from '../ingest/institution-config.js';
import { checkTemplate } from '../ingest/institution-layers.loader.js';
import { scheduleSchema } from '../jobs/schedule.js';
import { retentionSchema } from '../operations/retention/retention-policy.js';
import { checkedRegionSchema } from '../policy/checked-schemas.js';
import { coverageSchema } from '../policy/coverage-schema.js';
import { overlaySchema } from '../policy/policy-schema.js';
import { recordsSchema } from '../records/records.js';
import { distributionSchema } from '../settlement/distribution-plan.js';
import { factsSchema } from '../settlement/facts-schema.js';
import { AUDIT_KINDS } from './audit-config-kinds.js';
import type { ConfigKind } from './config-kind.js';
import {
  checkDrgPackage,
  checkOverlay,
  checkRegion,
  checkRulePackage,
} from './policy-files.loader.js';

/** Sorted by name. Whoever reads a new kind of file adds a line. */
export const CONFIG_KINDS: readonly ConfigKind[] = [
  {
    name: 'agency',
    below: 'site',
    pattern: 'agency.yaml',
    schema: agencySiteSchema,
    describe: '对接的经办机构 / the agency spoken to',
    secretsUnder: ['connection'],
  },
  {
    name: 'agency-profile',
    below: 'config',
    pattern: 'agency/*.yaml',
    schema: agencyProfileSchema,
    describe: '经办机构接口方式 / how a province’s agency is spoken to',
  },
  ...AUDIT_KINDS,
  {
    name: 'calendar',
    below: 'config',
    pattern: 'calendar/*.yaml',
    schema: calendarYearSchema,
    describe: '一年的法定节假日与调休上班日 / a year’s holidays and make-up days',
  },
  {
    name: 'calendar-site',
    below: 'site',
    pattern: 'calendar.yaml',
    schema: siteCalendarSchema,
    describe: '本地另有的放假与上班日 / a site’s own holidays and working days',
  },
  {
    name: 'consortium',
    below: 'site',
    pattern: 'consortium.yaml',
    schema: consortiumSchema,
    describe: '医共体成员与牵头医院 / members of the consortium and who leads',
    secretsUnder: ['certificateKey'],
  },
  {
    name: 'dip-package',
    below: 'site',
    pattern: 'dip/*.yaml',
    schema: rulePackageSchema,
    describe: 'DIP 规则包 / how cases get their points',
    check: checkRulePackage,
  },
  {
    name: 'distribution',
    below: 'site',
    pattern: 'distribution.yaml',
    schema: distributionSchema,
    describe: '牵头医院对成员单位的分配方案 / how the lead distributes to members',
  },
  {
    name: 'drg-package',
    below: 'site',
    pattern: 'drg/*.yaml',
    schema: drgPackageSchema,
    describe: 'DRG 权重表 / weights and mean costs of DRGs',
    check: checkDrgPackage,
  },
  {
    name: 'facts',
    below: 'site',
    pattern: '*.facts.yaml',
    schema: factsSchema,
    describe: 'heyi compute 的事实文件 / facts for heyi compute',
  },
  {
    name: 'institution',
    below: 'site',
    pattern: 'institutions/*.yaml',
    schema: institutionFileSchema,
    describe: '成员机构的来源与列映射 / where a member’s records lie and what its columns mean',
    secretsUnder: ['options', 'receipts'],
    layered: true,
    check: (path, { site: { configDir }, environment }) =>
      void loadInstitution(path, { siteDir: join(path, '../..'), configDir }, environment),
  },
  {
    name: 'institution-template',
    below: 'site',
    pattern: 'institutions/templates/*.yaml',
    schema: templateSchema,
    describe: '同类机构共用的映射 / a mapping several members share',
    secretsUnder: ['options', 'receipts'],
    layered: true,
    check: checkTemplate,
  },
  {
    name: 'limits',
    below: 'config',
    pattern: 'limits.yaml',
    schema: limitsSchema,
    describe: '各项上限 / bounds of everything',
  },
  {
    name: 'policy-coverage',
    below: 'config',
    pattern: 'policies/coverage.yaml',
    schema: coverageSchema,
    describe: '政策条款登记 / what of each document is carried out',
  },
  {
    name: 'policy-overlay',
    below: 'site',
    pattern: 'overlays/*.yaml',
    schema: overlaySchema,
    describe: '本地补充的政策参数 / policy parameters the text leaves open',
    check: checkOverlay,
  },
  {
    name: 'policy-region',
    below: 'config',
    pattern: 'policies/*.yaml',
    except: ['coverage.yaml'],
    schema: checkedRegionSchema,
    describe: '地区政策：参数、范围和步骤 / a region’s parameters, scope and plans',
    check: checkRegion,
  },
  {
    name: 'profile',
    below: 'config',
    pattern: 'profiles/*.yaml',
    schema: checkedProfile,
    describe:
      '接口模板：一类系统的取数语句与列映射 / how a kind of hospital system keeps its records',
  },
  {
    name: 'profile-site',
    below: 'site',
    pattern: 'profiles/*.yaml',
    schema: checkedProfile,
    describe: '站点自己的接口模板 / a profile of a site’s own',
  },
  {
    name: 'indicators',
    below: 'config',
    pattern: 'assessment/indicators.yaml',
    schema: indicatorsSchema,
    describe: '考核与监督指标的目录 / assessment and supervision indicators',
  },
  {
    name: 'records',
    below: 'site',
    pattern: 'records.yaml',
    schema: recordsSchema,
    describe: '归档的决定：等次、核准、基数、处理 / what people decided and filed',
  },
  {
    name: 'retention',
    below: 'config',
    pattern: 'retention.yaml',
    schema: retentionSchema,
    describe: '各类数据保留多久 / how long data are kept',
  },
  {
    name: 'retention-site',
    below: 'site',
    pattern: 'retention.yaml',
    schema: retentionSchema,
    describe: '本站点的保留期，整体代替随产品的 / a site’s own retention',
  },
  {
    name: 'schedule',
    below: 'site',
    pattern: 'schedule.yaml',
    schema: scheduleSchema,
    describe: '网关自己何时工作 / when the gateway works by itself',
  },
];
