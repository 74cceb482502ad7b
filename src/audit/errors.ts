import { GatewayError } from '../kernel/errors.js';
import type { RegisterProblem } from './register-rows.js';

const SHOWN = 50;

/** A register with rows that cannot be taken: none of it is. */
export class RegisterFileError extends GatewayError {
  readonly code = 'input.register';
  readonly recovery = 'halt';
  readonly remedy =
    '请按行号改正后重新导入；格式见 docs/formats/registers.md，导入前可用 --dry-run 检查。';

  constructor(
    sourceName: string,
    readonly problems: readonly RegisterProblem[],
  ) {
    const shown = problems.slice(0, SHOWN).map(({ row, message }) => `第 ${row} 行：${message}`);
    const more = problems.length > SHOWN ? [`……另有 ${problems.length - SHOWN} 处`] : [];
    super(`${sourceName} 有 ${problems.length} 处问题，未导入\n${[...shown, ...more].join('\n')}`);
  }
}

/** A file with far fewer rows than are held may be a part of the register. */
export class ShrunkRegisterError extends GatewayError {
  readonly code = 'input.register_shrunk';
  readonly recovery = 'halt';
  readonly remedy = '登记是整份替换的。请核对文件是否完整；确实变少的，加 --fewer 再导入。';
}

export class UnsignedRegisterError extends GatewayError {
  readonly code = 'input.unsigned';
  readonly recovery = 'halt';
  readonly remedy = '请用 --as 写明经办人。';
}
