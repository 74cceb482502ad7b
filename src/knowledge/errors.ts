import { GatewayError } from '../kernel/errors.js';

/** A shipped reference table is missing, damaged or altered: nothing computed from it could be trusted. */
export class KnowledgeFileError extends GatewayError {
  readonly code = 'knowledge.file';
  readonly recovery = 'halt';
  readonly remedy =
    '请恢复随产品发布的 knowledge 目录，或重新执行 heyi knowledge import。Restore the knowledge folder or import again.';
}

/** An official list cannot be imported as it is. Nothing is written. */
export class KnowledgeImportError extends GatewayError {
  readonly code = 'knowledge.import';
  readonly recovery = 'quarantine';
  readonly remedy =
    '请按提示修正文件或只导入其余文件；知识库保持原样。Correct the file or leave it out; the knowledge base is unchanged.';
}
