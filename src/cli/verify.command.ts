import { Command, CommandRunner, Option } from 'nest-commander';
import type { ChainFault, ChainHead } from '../journal/chain.js';
import { parseAnchor } from '../journal/chain.js';
import type { Verification } from '../journal/journal.service.js';
import { CliDatabase } from './cli-database.service.js';
import { EXIT, UsageError } from './exit-code.js';
import { print, printJson } from './output.js';

interface VerifyOptions {
  readonly anchor?: ChainHead;
  readonly json?: boolean;
}

const FAULTS: Readonly<Record<ChainFault['what'], string>> = {
  missing: '缺失（被删除，或末尾被截断）',
  content: '内容被改动',
  link: '与上一条不相连',
  entry: '条目本身被改动',
  head: '与链头记录不符',
  anchor: '与先前记下的链头不符',
};

@Command({
  name: 'verify',
  description: '核对存证链，指出第一条有问题的记录 / verify the journal, naming the first bad row',
})
export class VerifyCommand extends CommandRunner {
  constructor(private readonly database: CliDatabase) {
    super();
  }

  override async run(_: string[], { anchor, json = false }: VerifyOptions): Promise<void> {
    const { JournalModule } = await import('../journal/journal.module.js');
    const { JournalService } = await import('../journal/journal.service.js');
    await this.database.withModules([JournalModule], async (app) => {
      const journal = app.get(JournalService);
      const consortiums = anchor === undefined ? await journal.consortiums() : [await this.ours()];
      if (consortiums.length === 0 && !json) print('存证链为空');
      for (const consortium of consortiums) {
        const verification = await journal.verify({ consortium, anchor: anchor ?? null });
        report(verification, json);
      }
    });
  }

  @Option({
    flags: '--anchor <head>',
    description: '先前记下的链头“序号:哈希” / a head noted down earlier, seq:hash',
  })
  anchor(text: string): ChainHead {
    const head = parseAnchor(text);
    if (head === null) throw new UsageError(`不是链头：${text}（应为 序号:64 位十六进制哈希）`);
    return head;
  }

  @Option({ flags: '--json', description: '每条链一个 JSON 对象 / one JSON object a chain' })
  json(): boolean {
    return true;
  }

  /** A head was noted for one chain: the site's own. */
  private async ours(): Promise<string> {
    const { loadConsortium } = await import('../ingest/consortium.loader.js');
    return loadConsortium(this.database.site.siteDir, null).consortium;
  }
}

function report(verification: Verification, json: boolean): void {
  const { consortium, head, fault } = verification;
  if (fault !== null) process.exitCode = EXIT.failed;
  if (json) {
    printJson(verification);
    return;
  }
  if (fault === null) {
    print(`${consortium}：存证链完整，共 ${head.seq} 条`);
    print(`链头 ${head.seq}:${head.hash}（请另处记下，日后用 --anchor 核对）`);
    return;
  }
  print(`${consortium}：第 ${fault.seq} 条${FAULTS[fault.what]}；此前 ${head.seq} 条完好`);
}
