import { GatewayError } from '../kernel/errors.js';
import type { SheetProblem } from './crosswalk.js';

/** A sheet with rows that cannot be taken over: nothing of it is. */
export class CrosswalkSheetError extends GatewayError {
  readonly code = 'input.crosswalk_sheet';
  readonly recovery = 'halt';
  readonly remedy = '请按表格行号逐条改正后重新导入；导入前可用 --dry-run 检查。';

  constructor(readonly problems: readonly SheetProblem[]) {
    const shown = problems.slice(0, SHOWN).map(({ row, message }) => `第 ${row} 行：${message}`);
    const more = problems.length > SHOWN ? [`……另有 ${problems.length - SHOWN} 处`] : [];
    super(`对照表有 ${problems.length} 处问题，未导入\n${[...shown, ...more].join('\n')}`);
  }
}

const SHOWN = 50;

/** There is no such import, or it belongs to an institution that the caller may not see. */
export class UnknownImportError extends GatewayError {
  readonly code = 'crosswalk.unknown_import';
  readonly recovery = 'halt';
  readonly remedy = '用 heyi crosswalk imports 查看导入编号。';
}

/** The institution is not one that the caller may work on. */
export class ForeignInstitutionError extends GatewayError {
  readonly code = 'crosswalk.unknown_institution';
  readonly recovery = 'halt';
  readonly remedy = '请核对机构编号。';
}

/** The import was decided already, or what it was made against has changed. */
export class CrosswalkStateError extends GatewayError {
  readonly code = 'crosswalk.wrong_state';
  readonly recovery = 'halt';
  readonly remedy = '请重新导出、修改后再导入。';
}

/** Whoever proposed an import may not approve it. */
export class SameApproverError extends GatewayError {
  readonly code = 'crosswalk.same_person';
  readonly recovery = 'halt';
  readonly remedy = '请由另一人复核。';
}

export class UnsignedCrosswalkError extends GatewayError {
  readonly code = 'input.unsigned';
  readonly recovery = 'halt';
  readonly remedy = '请写明经办人，退回时写明理由。';
}
