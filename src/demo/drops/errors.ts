import { GatewayError } from '../../kernel/errors.js';

/** The folder for the clinics' drops holds something that the generator did not write. */
export class OccupiedFolderError extends GatewayError {
  readonly code = 'demo.folder-occupied';
  readonly recovery = 'halt';
  readonly remedy = '请换一个空文件夹，或先移走其中的文件。';

  constructor(folder: string) {
    super(`文件夹 ${folder} 已有别的内容，不覆盖`, { folder });
  }
}
