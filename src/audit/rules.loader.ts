import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { ConfigError, type ConfigProblem } from '../config/errors.js';
import type { Site } from '../config/site.js';
import { loadYaml } from '../config/yaml.loader.js';
import type { KnowledgeBase } from '../knowledge/knowledge.js';
import { type AuditBook, templateNamed } from './compile.js';
import { type Exemption, exemptionSchema } from './exemption.js';
import { type Rule, ruleSchema } from './rule.js';
import { ruleCaseSchema } from './rule-case.js';
import { type SettingsOverlay, settingsOverlaySchema, settingsSchema } from './settings.js';

/** Documents a rule's `basis` may cite. */
export const documentsSchema = z.record(
  z.string(),
  z.strictObject({
    number: z.string().optional(),
    title: z.string().min(2),
    issued: z.iso.date(),
    note: z.string().optional(),
  }),
);
export const exemptionsSchema = z.record(z.string(), exemptionSchema);

/** What an installation audits by: rules, exemptions, settings, with the site's own `audit.yaml` laid over them. */
export type LoadedAuditBook = AuditBook & { readonly documents: z.infer<typeof documentsSchema> };

/**
 * Reads `config/audit` and the site's `audit.yaml` and checks that they fit together.
 *
 * @throws ConfigError with every problem of the file at fault
 */
export function loadAuditBook(
  site: Pick<Site, 'configDir' | 'siteDir'>,
  knowledge: KnowledgeBase,
): LoadedAuditBook {
  const folder = join(site.configDir, 'audit');
  const overlay = loadOverlay(join(site.siteDir, 'audit.yaml'));
  const { rules: overrides, ...settings } = overlay;
  const documents = loadYaml(join(folder, 'documents.yaml'), documentsSchema);
  const exemptions = new Map(
    Object.entries(loadYaml(join(folder, 'exemptions.yaml'), exemptionsSchema)),
  );
  const shipped = loadRules(join(folder, 'rules'));
  const rules = shipped.map((rule) => overridden(rule, overrides[rule.id]));
  refuse(rules.flatMap((rule) => problemsOf(rule, { rules, exemptions, documents, knowledge })));
  return {
    rules,
    exemptions,
    documents,
    settings: { ...loadYaml(join(folder, 'settings.yaml'), settingsSchema), ...defined(settings) },
  };
}

export function loadRules(folder: string): Rule[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  return files.map((name) => {
    const rule = loadYaml(join(folder, name), ruleSchema);
    if (rule.id !== basename(name, '.yaml')) {
      refuse([problem(`config/audit/rules/${name}`, `文件名应与规则编号一致：${rule.id}.yaml`)]);
    }
    return rule;
  });
}

function loadOverlay(path: string): SettingsOverlay {
  return existsSync(path) ? loadYaml(path, settingsOverlaySchema) : { rules: {} };
}

function overridden(rule: Rule, override: SettingsOverlay['rules'][string] | undefined): Rule {
  if (override === undefined) return rule;
  return {
    ...rule,
    status: override.status ?? rule.status,
    params: { ...rule.params, ...override.params },
  };
}

interface Surroundings {
  readonly rules: readonly Rule[];
  readonly exemptions: ReadonlyMap<string, Exemption>;
  readonly documents: Readonly<Record<string, unknown>>;
  readonly knowledge: KnowledgeBase;
}

/** What does not fit between a rule and the rest of the book. */
function problemsOf(
  rule: Rule,
  { rules, exemptions, documents, knowledge }: Surroundings,
): ConfigProblem[] {
  const { subsumes, mutuallyExclusive, supersedes } = rule.relations;
  const messages = [
    ...rule.exempt
      .filter((name) => !exemptions.has(name))
      .map((name) => `exempt：exemptions.yaml 中没有 ${name}`),
    ...rule.basis
      .filter((citation) => documents[citation.split(' ')[0] ?? ''] === undefined)
      .map((citation) => `basis：documents.yaml 中没有 ${citation.split(' ')[0]}`),
    ...[...subsumes, ...mutuallyExclusive, ...supersedes]
      .filter((id) => !rules.some((other) => other.id === id))
      .map((id) => `relations：没有规则 ${id}`),
    ...templateProblems(rule, knowledge),
    ...rule.cases.flatMap((each, index) =>
      issuesOf(ruleCaseSchema.safeParse(each), `cases.${index + 1}`),
    ),
  ];
  return messages.map((message) => problem(`config/audit/rules/${rule.id}.yaml`, message));
}

function templateProblems(rule: Rule, knowledge: KnowledgeBase): string[] {
  const template = templateNamed(rule.template);
  if (template === null) return [`template：没有模板 ${rule.template}`];
  try {
    template.bind(rule.params, knowledge);
    return [];
  } catch (error) {
    if (error instanceof z.ZodError) return issuesOf({ error }, 'params');
    throw error;
  }
}

function issuesOf({ error }: { readonly error?: z.ZodError | undefined }, where: string): string[] {
  return (error?.issues ?? []).map(
    ({ path, message }) => `${[where, ...path].join('.')}：${message}`,
  );
}

function problem(path: string, message: string): ConfigProblem {
  return { path, line: 0, column: 0, message };
}

function refuse(problems: readonly ConfigProblem[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}

function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
