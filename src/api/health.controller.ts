import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ReadRepository } from './read.repository.js';

const health = z.object({
  status: z.literal('ok'),
  openWork: z.number().describe('未完成的工作 / work that has not ended'),
  oldestDueSeconds: z
    .number()
    .describe(
      '最久未开始的到期工作已等待的秒数；持续增长说明没有进程在干活 / grows when no worker works',
    ),
});

@ApiTags('健康 health')
@Controller('healthz')
export class HealthController {
  constructor(private readonly read: ReadRepository) {}

  /** Whether the database answers, and how long the oldest due work has been waiting. */
  @Get()
  @ApiOkResponse({ standardSchema: health })
  async health(): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.read.rows(STATE, []).catch(() => null);
    if (answer === null) throw new ServiceUnavailableException('数据库没有应答');
    return { status: 'ok', ...answer[0] };
  }
}

const STATE = `
  SELECT count(*)::integer AS "openWork",
         coalesce(max(extract(epoch FROM now() - greatest(due_at, queued_at))) FILTER (WHERE state = 'pending'), 0)
           ::integer AS "oldestDueSeconds"
    FROM work_item WHERE state IN ('pending', 'running')`;
