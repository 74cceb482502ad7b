import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { JournalService } from '../journal/journal.service.js';

const head = z.object({
  consortium: z.string(),
  seq: z.string(),
  hash: z
    .string()
    .describe(
      '记下它，之前的任何改动都会被发现 / note it down: no earlier entry can change unseen',
    ),
});

@ApiTags('存证 journal')
@Controller('journal')
export class JournalController {
  constructor(private readonly journal: JournalService) {}

  /** The last link of each consortium's chain. */
  @Get('head')
  @ApiOkResponse({ standardSchema: z.array(head) })
  async head(): Promise<readonly z.output<typeof head>[]> {
    const consortiums = await this.journal.consortiums();
    return Promise.all(
      consortiums.map(async (consortium) => {
        const { seq, hash } = await this.journal.head(consortium);
        return { consortium, seq: seq.toString(), hash };
      }),
    );
  }
}
