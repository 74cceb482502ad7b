import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../config/errors.js';
import { loadYaml } from '../../config/yaml.loader.js';
import { loadKnowledgeBase } from '../../knowledge/knowledge.loader.js';
import { type Rule, ruleSchema } from '../rule.js';
import { checkRule, regionalKnowledge } from '../rules.loader.js';
import type { SiteBook } from '../site-book.repository.js';

/** What is tried: a rule of the book by its id, a rule file, or the folder of a knowledge release; `params` are laid over the rule's. */
export interface Candidate {
  readonly what: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The book with the candidate in force; `rules` are the ids it is about, null when that cannot be said beforehand. */
export interface CandidateBook {
  readonly book: SiteBook;
  readonly rules: ReadonlySet<string> | null;
}

/** @throws ConfigError, KnowledgeFileError when the candidate does not hold together */
export function candidateBook({ what, params = {} }: Candidate, current: SiteBook): CandidateBook {
  if (isRelease(what)) return { book: withRelease(what, current), rules: null };
  const rule = ruleNamed(what, current);
  const candidate: Rule = { ...rule, status: 'ACTIVE', params: { ...rule.params, ...params } };
  const others = current.book.rules.filter(({ id }) => id !== candidate.id);
  const book = { ...current.book, rules: [...others, candidate] };
  checkRule(candidate, book, current.knowledge);
  return { book: { ...current, book }, rules: new Set([candidate.id]) };
}

function isRelease(what: string): boolean {
  return existsSync(join(what, 'nhsa', 'release.json'));
}

function withRelease(folder: string, current: SiteBook): SiteBook {
  return { ...current, knowledge: regionalKnowledge(loadKnowledgeBase(folder), current.book) };
}

function ruleNamed(what: string, { book }: SiteBook): Rule {
  if (existsSync(what) && statSync(what).isFile()) return loadYaml(what, ruleSchema);
  const known = book.rules.find(({ id }) => id === what);
  if (known !== undefined) return known;
  throw new ConfigError([
    {
      path: what,
      line: 0,
      column: 0,
      message: '不是规则编号，也不是规则文件或含 nhsa/release.json 的知识库目录',
    },
  ]);
}
