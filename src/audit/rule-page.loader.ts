import type { KnowledgeBase } from '../knowledge/knowledge.js';
import { templateNamed } from './compile.js';
import { rulePage } from './rule-page.js';
import { loadAuditBook } from './rules.loader.js';

/** `docs/audit-rule-list.md` as the shipped rules have it. @throws ConfigError */
export function loadRulePage(configDir: string, knowledge: KnowledgeBase): string {
  const { rules, documents, exemptions } = loadAuditBook({ configDir, siteDir: null }, knowledge);
  return rulePage({
    rules: rules.map((rule) => ({
      rule,
      needs: templateNamed(rule.template)?.needs(rule.params) ?? {},
    })),
    documents,
    exemptions,
  });
}
