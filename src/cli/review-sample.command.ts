import { Option, SubCommand } from 'nest-commander';
import { UsageError } from './exit-code.js';
import { type Column, printRows } from './output.js';
import { type CaseOptions, OfMonths, OnCases } from './review-work.command.js';

@SubCommand({
  name: 'sample',
  description: '随机复核：抽取无疑点的结算记录 / claims to look at again',
})
export class ReviewSampleCommand extends OfMonths {
  override async run(
    _: string[],
    options: CaseOptions & { readonly seed: string; readonly size?: number },
  ): Promise<void> {
    const { seed, size = 20, json = false } = options;
    const months = this.monthsOf(options);
    const rows = await this.cases((cases, consortium) =>
      cases.sample({ consortium, months, seed, size }),
    );
    const columns = [
      { title: '机构', cell: ({ institution }: (typeof rows)[number]) => institution },
      { title: '结算号', cell: ({ claimNo }: (typeof rows)[number]) => claimNo },
      { title: '结算日期', cell: ({ settledOn }: (typeof rows)[number]) => settledOn },
    ];
    printRows(rows, columns, { json, empty: '没有可抽取的结算记录' });
  }

  @Option({ flags: '--seed <text>', required: true, description: '种子，同种子同样本 / the seed' })
  seed(text: string): string {
    return text;
  }

  @Option({ flags: '--size <n>', description: '抽取条数，缺省 20 / how many' })
  size(text: string): number {
    if (!/^[1-9]\d{0,4}$/.test(text)) throw new UsageError(`条数应为 1 至 99999：${text}`);
    return Number(text);
  }
}

@SubCommand({ name: 'opinions', description: '审核意见模板 / reason codes with their texts' })
export class ReviewOpinionsCommand extends OnCases {
  override async run(_: string[], { json = false }: CaseOptions): Promise<void> {
    const opinions = await this.cases((cases) => Promise.resolve(cases.opinions()));
    const rows = Object.entries(opinions).map(([code, words]) => ({ code, ...words }));
    const columns: readonly Column<(typeof rows)[number]>[] = [
      { title: '代码', cell: ({ code }) => code },
      { title: '名称', cell: ({ label }) => label },
      { title: '意见', cell: ({ text }) => text },
    ];
    printRows(rows, columns, { json, empty: '没有意见模板' });
  }
}
