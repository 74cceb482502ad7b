import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DATABASE_POOL } from '../../database/tokens.js';
import { withTransaction } from '../../database/transaction.repository.js';
import { JournalService } from '../../journal/journal.service.js';
import { digest } from '../../kernel/hash.js';
import type { ProposedExemption } from '../scoped-exemption.js';
import { AuditDecisionError } from './errors.js';

/** An exemption in the database, with who stands for it. */
export interface RecordedExemption {
  readonly name: string;
  readonly content: ProposedExemption;
  readonly proposedBy: string;
  readonly approvedBy: string | null;
  readonly endedBy: string | null;
  readonly endReason: string | null;
  readonly state: 'proposed' | 'in-force' | 'ended';
}

interface Named {
  readonly consortium: string;
  readonly name: string;
  readonly by: string;
}

/** Local exemptions by two people (专项豁免): one proposes, another approves, either ends it. In force from the next audit on. */
@Injectable()
export class ExemptionDecisions {
  constructor(
    @Inject(DATABASE_POOL) private readonly pool: pg.Pool,
    private readonly journal: JournalService,
  ) {}

  async list(consortium: string): Promise<readonly RecordedExemption[]> {
    const { rows } = await this.pool.query<RecordedExemption>(
      `SELECT name, content, proposed_by AS "proposedBy", approved_by AS "approvedBy", ended_by AS "endedBy",
         end_reason AS "endReason",
         CASE WHEN ended_at IS NOT NULL THEN 'ended' WHEN approved_at IS NULL THEN 'proposed' ELSE 'in-force' END AS state
       FROM audit_exemption WHERE consortium = $1 ORDER BY name`,
      [consortium],
    );
    return rows;
  }

  /** @throws AuditDecisionError when the name is taken */
  propose({ content, ...named }: Named & { readonly content: ProposedExemption }): Promise<void> {
    return this.decide(named, 'proposed', {
      sql: `INSERT INTO audit_exemption (consortium, name, proposed_by, content) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      values: [JSON.stringify(content)],
      refusal: `豁免名称已用过：${named.name}`,
      digest: digest(JSON.parse(JSON.stringify(content))),
    });
  }

  /** @throws AuditDecisionError when there is none waiting, or the same person proposed it */
  approve(named: Named): Promise<void> {
    return this.decide(named, 'approved', {
      sql: `UPDATE audit_exemption SET approved_by = $3, approved_at = now()
        WHERE consortium = $1 AND name = $2 AND approved_at IS NULL AND ended_at IS NULL AND proposed_by <> $3`,
      refusal: `没有待批准的豁免 ${named.name}，或提出人与批准人是同一人`,
    });
  }

  /** @throws AuditDecisionError when there is none, or it has ended */
  end({ reason, ...named }: Named & { readonly reason: string }): Promise<void> {
    return this.decide(named, 'ended', {
      sql: `UPDATE audit_exemption SET ended_by = $3, ended_at = now(), end_reason = $4
        WHERE consortium = $1 AND name = $2 AND ended_at IS NULL`,
      values: [reason],
      refusal: `没有可终止的豁免 ${named.name}`,
    });
  }

  private async decide(
    { consortium, name, by }: Named,
    outcome: string,
    change: {
      readonly sql: string;
      readonly values?: readonly string[];
      readonly refusal: string;
      readonly digest?: string;
    },
  ): Promise<void> {
    if (by.trim() === '') throw new AuditDecisionError('缺少经办人');
    await withTransaction(this.pool, async (client) => {
      const values = [consortium, name, by, ...(change.values ?? [])];
      const { rowCount } = await client.query(change.sql, values);
      if (rowCount !== 1) throw new AuditDecisionError(change.refusal);
      await this.journal.append(client, {
        ...{ consortium, kind: 'configuration', subject: `audit-exemption:${name}` },
        content: {
          outcome,
          by,
          ...(change.digest === undefined ? {} : { content: change.digest }),
        },
      });
    });
  }
}
