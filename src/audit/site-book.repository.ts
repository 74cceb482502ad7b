import type pg from 'pg';
import type { KnowledgeBase } from '../knowledge/knowledge.js';
import { readGovernance } from './governance/governance.repository.js';
import { type Governance, governed } from './governance/governed.js';
import { readSiteRegisters } from './register.repository.js';
import type { SiteRegisters } from './registers.js';
import { type BookFolders, type LoadedAuditBook, loadSiteFiles } from './rules.loader.js';

/** All that an audit of the books goes by, besides the claims. */
export interface SiteBook {
  readonly book: LoadedAuditBook;
  readonly knowledge: KnowledgeBase;
  readonly registers: SiteRegisters;
  /** What people decided; the book holds it already. */
  readonly decided: Governance;
}

/** A site's rules, knowledge and tables from its files (read once a process), with what people decided since laid over them. */
export class SiteBooks {
  private files: Pick<SiteBook, 'book' | 'knowledge'> | null = null;

  constructor(private readonly site: BookFolders) {}

  /** @throws ConfigError */
  async read(client: pg.Pool | pg.ClientBase, consortium: string): Promise<SiteBook> {
    this.files ??= loadSiteFiles(this.site);
    const { book, knowledge } = this.files;
    const decided = await readGovernance(client, consortium);
    const registers = await readSiteRegisters(client, consortium);
    return { book: governed(book, decided), knowledge, registers, decided };
  }
}
