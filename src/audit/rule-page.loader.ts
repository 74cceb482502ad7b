import { join } from 'node:path';
import { loadYaml } from '../config/yaml.loader.js';
import type { KnowledgeBase } from '../knowledge/knowledge.js';
import { templateNamed } from './compile.js';
import { TABLES } from './local-tables.loader.js';
import { notBuiltSchema } from './not-built.js';
import { REGISTER_TABLES } from './register-tables.js';
import { rulePage } from './rule-page.js';
import { loadAuditBook } from './rules.loader.js';
import { registersPage, tablesPage } from './table-pages.js';

/** The pages of `docs/` that say what the shipped rules do and go by, by path. @throws ConfigError */
export function loadRulePages(
  configDir: string,
  knowledge: KnowledgeBase,
): ReadonlyMap<string, string> {
  const book = loadAuditBook({ configDir, siteDir: null }, knowledge);
  const { documents, exemptions } = book;
  const notBuilt = loadYaml(join(configDir, 'audit', 'not-built.yaml'), notBuiltSchema);
  const rules = book.rules.map((rule) => ({
    rule,
    needs: templateNamed(rule.template)?.needs(rule.params) ?? {},
  }));
  return new Map([
    ['audit-rule-list.md', rulePage({ rules, documents, exemptions, notBuilt })],
    ['formats/audit-tables.md', tablesPage(TABLES.values(), rules)],
    ['formats/registers.md', registersPage(Object.values(REGISTER_TABLES), rules)],
  ]);
}
