import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../database/tokens.js';
import { withTransaction } from '../database/transaction.repository.js';
import { JournalService } from '../journal/journal.service.js';
import type { SheetRow } from '../tables/spreadsheet.js';
import { RegisterFileError, ShrunkRegisterError, UnsignedRegisterError } from './errors.js';
import {
  type HeldRegister,
  readHeld,
  readRowDigests,
  replaceRegister,
} from './register.repository.js';
import { parseRegister, registerDigest, rowDigest } from './register-rows.js';
import type { RegisterName } from './registers.js';

export interface RegisterImport {
  readonly consortium: string;
  readonly name: RegisterName;
  readonly sheet: readonly SheetRow[];
  readonly sourceName: string;
  readonly by: string;
  /** Checks and compares, writes nothing. */
  readonly dryRun?: boolean;
  /** The register has really become less than half of what it was. */
  readonly fewer?: boolean;
}

export interface RegisterChange {
  readonly before: number;
  readonly rows: number;
  readonly added: number;
  readonly removed: number;
  readonly digest: string;
  /** Nothing is written when nothing has changed. */
  readonly isChanged: boolean;
}

/** Registers beside the claims (登记): filed as a whole, journalled, used from the next audit on. */
@Injectable()
export class RegisterService {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly journal: JournalService,
  ) {}

  held(consortium: string): Promise<readonly HeldRegister[]> {
    return readHeld(this.pool, consortium);
  }

  /** @throws RegisterFileError, ShrunkRegisterError, UnsignedRegisterError */
  async import(request: RegisterImport): Promise<RegisterChange> {
    const { consortium, name, sheet, sourceName, by, dryRun = false, fewer = false } = request;
    if (by.trim() === '') throw new UnsignedRegisterError('导入登记须写明经办人');
    const { rows, problems } = parseRegister(name, sheet);
    if (problems.length > 0) throw new RegisterFileError(sourceName, problems);
    const digest = registerDigest(rows);
    return withTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`register ${consortium}`]);
      const held = (await readHeld(client, consortium)).find((each) => each.name === name);
      const former = await readRowDigests(client, consortium, name);
      const now = new Set(rows.map(rowDigest));
      const added = [...now].filter((each) => !former.has(each)).length;
      const removed = [...former].filter((each) => !now.has(each)).length;
      const change = { before: former.size, rows: rows.length, added, removed, digest };
      if (rows.length * 2 < former.size && !fewer)
        throw new ShrunkRegisterError(`现有 ${former.size} 行，文件只有 ${rows.length} 行，未导入`);
      const isChanged = held?.digest !== digest;
      if (dryRun || !isChanged) return { ...change, isChanged };
      const filed = { name, digest, sourceName, importedBy: by, content: rows };
      await replaceRegister(client, consortium, filed);
      await this.journal.append(client, {
        consortium,
        kind: 'configuration',
        subject: `register:${name}`,
        content: { ...change, sourceName, by },
      });
      return { ...change, isChanged };
    });
  }
}
