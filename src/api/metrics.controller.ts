import { Controller, ForbiddenException, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { MetricsService } from '../operations/metrics/metrics.service.js';
import { mayReadMetrics } from '../operations/metrics/metrics-access.js';
import { OPERATIONS, type Operations } from '../operations/operations.js';
import { Public } from './access.guard.js';

interface Asked {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly socket: { readonly remoteAddress?: string };
}

interface Reply {
  type(media: string): this;
}

@ApiTags('健康 health')
@Controller('metrics')
@Public()
export class MetricsController {
  constructor(
    private readonly metrics: MetricsService,
    @Inject(OPERATIONS) private readonly operations: Operations,
  ) {}

  /** Prometheus 指标；本机，或出示 HEYI_METRICS_TOKEN / figures for Prometheus: this machine, or the token. */
  @Get()
  @ApiProduces('text/plain')
  read(
    @Req() { headers, socket }: Asked,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const may = mayReadMetrics({
      address: socket.remoteAddress,
      viaProxy: headers['x-forwarded-for'] !== undefined,
      authorization: headers['authorization'],
      token: this.operations.metricsToken,
    });
    if (!may) throw new ForbiddenException('只有本机或持有令牌者可读指标');
    reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
