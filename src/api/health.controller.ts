import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type Readiness, ReadinessService } from '../operations/health/readiness.service.js';
import { Public } from './access.guard.js';

const health = z.object({ status: z.literal('ok') });
const readiness = z.object({
  ready: z.boolean(),
  checks: z.array(
    z.object({
      name: z.enum(['database', 'migrations', 'queue', 'clock', 'disk', 'work']),
      ok: z.boolean(),
      detail: z.string().describe('给值班人员的说明 / for the person on duty'),
    }),
  ),
});

interface Reply {
  status(code: number): this;
}

@ApiTags('健康 health')
@Controller()
@Public()
export class HealthController {
  constructor(private readonly ready: ReadinessService) {}

  /** 进程活着 / the process is alive; says nothing about what it depends on. */
  @Get('healthz')
  @ApiOkResponse({ standardSchema: health })
  health(): z.output<typeof health> {
    return { status: 'ok' };
  }

  /** 能否工作：数据库、结构版本、队列、时钟、磁盘、到期工作是否有人执行 / whether it can work; 503 with what is wrong. */
  @Get('readyz')
  @ApiOkResponse({ standardSchema: readiness })
  @ApiResponse({ status: 503, description: '未就绪，checks 中 ok 为 false 的各项 / not ready' })
  async readiness(@Res({ passthrough: true }) reply: Reply): Promise<Readiness> {
    const state = await this.ready.read();
    reply.status(state.ready ? 200 : 503);
    return state;
  }
}
