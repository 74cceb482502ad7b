import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ConfigError, type ConfigProblem } from '../config/errors.js';
import { loadYaml } from '../config/yaml.loader.js';
import type { KnowledgeBase } from '../knowledge/knowledge.js';
import { loadKnowledgeBase } from '../knowledge/knowledge.loader.js';
import { withRegionalPoints } from '../knowledge/regional-points.js';
import { type AuditBook, templateNamed } from './compile.js';
import { exemptionsSchema } from './exemption.js';
import { loadGrouping } from './grouping.loader.js';
import { loadLocalTables } from './local-tables.loader.js';
import { NO_REGISTERS } from './registers.js';
import { RULE_CLASSES, type Rule, ruleSchema } from './rule.js';
import { ruleCaseSchema } from './rule-case.js';
import { type ScopedExemption, scopedExemptionsSchema } from './scoped-exemption.js';
import { type SettingsOverlay, settingsFileSchema, settingsOverlaySchema } from './settings.js';
import { knowledgePoint } from './tables/knowledge-point.js';
import type { Bindings } from './template.js';

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

/** What an installation audits by: rules, exemptions, settings, with the site's own `audit.yaml` laid over them. */
export type LoadedAuditBook = AuditBook & { readonly documents: z.infer<typeof documentsSchema> };

/** What a site's files say: the book, and the knowledge it stands on. @throws ConfigError */
export function loadSiteFiles(folders: BookFolders): {
  readonly book: LoadedAuditBook;
  readonly knowledge: KnowledgeBase;
} {
  const national = loadKnowledgeBase();
  const book = loadAuditBook(folders, national);
  return { book, knowledge: regionalKnowledge(national, book) };
}

/** National knowledge as the site's own table of points changes it. */
export function regionalKnowledge(
  national: KnowledgeBase,
  { tables }: Pick<AuditBook, 'tables'>,
): KnowledgeBase {
  const { rows } = tables.get(knowledgePoint);
  return withRegionalPoints(
    national,
    rows.map(({ row, from, until }) => ({ ...row, from, until })),
  );
}

/** Folders to read; without a site folder the book is as shipped. */
export interface BookFolders {
  readonly configDir: string;
  readonly siteDir: string | null;
}

/**
 * Reads `config/audit` and the site's `audit.yaml` and checks that they fit together.
 *
 * @throws ConfigError with every problem found
 */
export function loadAuditBook(folders: BookFolders, knowledge: KnowledgeBase): LoadedAuditBook {
  const book = readBook(folders);
  refuse(book.rules.flatMap((rule) => problemsOf(rule, book, knowledge)));
  return book;
}

/**
 * Whether one rule file fits the book it stands in.
 *
 * @throws ConfigError
 */
export function checkRuleFile(path: string): void {
  const book = readBook({ configDir: dirname(dirname(dirname(path))), siteDir: null });
  const rule = book.rules.find(({ id }) => id === basename(path, '.yaml'));
  if (rule !== undefined) refuse(problemsOf(rule, book, loadKnowledgeBase()));
}

/** Whether a rule fits a book it is not a part of yet. @throws ConfigError */
export function checkRule(rule: Rule, book: LoadedAuditBook, knowledge: KnowledgeBase): void {
  refuse(problemsOf(rule, book, knowledge));
}

function readBook({ configDir, siteDir }: BookFolders): LoadedAuditBook {
  const folder = join(configDir, 'audit');
  const { rules: overrides, ...settings } = loadOverlay(siteDir);
  const documents = loadYaml(join(folder, 'documents.yaml'), documentsSchema);
  const exemptions = loadYaml(join(folder, 'exemptions.yaml'), exemptionsSchema);
  const rules = loadRules(join(folder, 'rules'));
  refuse(
    Object.keys(overrides)
      .filter((id) => !rules.some((rule) => rule.id === id))
      .map((id) => problem(join(siteDir ?? '', 'audit.yaml'), `rules：没有规则 ${id}`)),
  );
  const shipped = loadYaml(join(folder, 'settings.yaml'), settingsFileSchema);
  const { review: _, workers: __, ...all } = { ...shipped, ...defined(settings) };
  return {
    rules: rules.map((rule) => overridden(rule, overrides[rule.id])),
    exemptions: new Map(Object.entries(exemptions)),
    documents,
    tables: loadLocalTables([
      join(folder, 'tables'),
      ...(siteDir === null ? [] : [join(siteDir, 'audit')]),
    ]),
    scoped: loadScoped(siteDir, rules),
    settings: all,
    grouping: loadGrouping(all.grouping, siteDir),
  };
}

function loadRules(folder: string): Rule[] {
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

function loadOverlay(siteDir: string | null): SettingsOverlay {
  const path = siteDir === null ? null : join(siteDir, 'audit.yaml');
  return path !== null && existsSync(path) ? loadYaml(path, settingsOverlaySchema) : { rules: {} };
}

/** The site's own exemptions; each must be about rules there are. */
function loadScoped(
  siteDir: string | null,
  rules: readonly Rule[],
): ReadonlyMap<string, ScopedExemption> {
  const path = siteDir === null ? null : join(siteDir, 'audit', 'exemptions.yaml');
  if (path === null || !existsSync(path)) return new Map();
  const found = Object.entries(loadYaml(path, scopedExemptionsSchema));
  const known = new Set(rules.map(({ id }) => id));
  refuse(
    found.flatMap(([name, { rules: ids }]) =>
      ids.filter((id) => !known.has(id)).map((id) => problem(path, `${name}：没有规则 ${id}`)),
    ),
  );
  return new Map(found);
}

function overridden(rule: Rule, override: SettingsOverlay['rules'][string] | undefined): Rule {
  if (override === undefined) return rule;
  return {
    ...rule,
    status: override.status ?? rule.status,
    params: { ...rule.params, ...override.params },
  };
}

/** What does not fit between a rule and the rest of the book. */
function problemsOf(
  rule: Rule,
  { rules, exemptions, documents, tables }: LoadedAuditBook,
  knowledge: KnowledgeBase,
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
    ...templateProblems(rule, { knowledge, tables, registers: NO_REGISTERS }),
    ...rule.cases.flatMap((each, index) =>
      issuesOf(ruleCaseSchema.safeParse(each), `cases.${index + 1}`),
    ),
  ];
  return messages.map((message) => problem(`config/audit/rules/${rule.id}.yaml`, message));
}

function templateProblems(rule: Rule, bindings: Bindings): string[] {
  const template = templateNamed(rule.template);
  if (template === null) return [`template：没有模板 ${rule.template}`];
  const { strongest } = template;
  if (strongest !== null && RULE_CLASSES.indexOf(rule.class) < RULE_CLASSES.indexOf(strongest))
    return [`class：模板 ${rule.template} 的规则最高为 ${strongest}`];
  try {
    template.bind(rule.params, bindings);
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
