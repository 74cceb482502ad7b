import { GatewayError } from '../kernel/errors.js';
import type { Gap } from './policy.js';

/** The region asked for has no policy file. */
export class UnknownRegionError extends GatewayError {
  readonly code = 'input.unknown_region';
  readonly recovery = 'halt';
  readonly remedy = '请用 config/policies 下已有的地区名。';
}

/** Parameters or cited records that the computation needs are open. Lists every one of them. */
export class PolicyGapError extends GatewayError {
  readonly code = 'policy.gaps';
  readonly recovery = 'halt';
  readonly remedy = '请在本地补充文件（overlays）中给出参数并引用文件条款，或补上所缺的记录。';

  constructor(
    region: string,
    on: string,
    readonly gaps: readonly Gap[],
  ) {
    const named = gaps.map(({ id, label, reason }) => `  · ${id}（${label}）：${reason}`);
    super(`${region} 在 ${on} 缺 ${gaps.length} 项，不能结算：\n${named.join('\n')}`, {
      region,
      on,
      gaps: gaps.length,
    });
  }
}
