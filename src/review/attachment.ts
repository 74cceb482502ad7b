import type { AttachmentKind, ReviewSettings } from '../audit/review-settings.js';
import { sha256 } from '../kernel/hash.js';
import { AttachmentError, AttachmentTooLargeError } from './errors.js';

/** A file as somebody sends it in. */
export interface Upload {
  readonly name: string;
  readonly content: Uint8Array;
}

/** How a step speaks of a file. */
export interface AttachmentRef {
  readonly name: string;
  /** SHA-256 of the content. */
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
}

export type Attachment = AttachmentRef & { readonly content: Uint8Array };

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const KINDS: Readonly<Record<AttachmentKind, { starts: readonly number[]; mediaType: string }>> = {
  pdf: { starts: [0x25, 0x50, 0x44, 0x46, 0x2d], mediaType: 'application/pdf' },
  png: { starts: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], mediaType: 'image/png' },
  jpg: { starts: [0xff, 0xd8, 0xff], mediaType: 'image/jpeg' },
  docx: {
    starts: ZIP,
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  },
  xlsx: {
    starts: ZIP,
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
};

/** Checks number, size, name and kind (by ending and by first bytes). @throws AttachmentError, AttachmentTooLargeError */
export function acceptUploads(
  uploads: readonly Upload[],
  { most, bytes, kinds }: ReviewSettings['attachments'],
): readonly Attachment[] {
  if (uploads.length > most) throw new AttachmentError(`附件最多 ${most} 个`);
  return uploads.map(({ name, content }) => {
    const kind = kinds.find((each) => name.toLowerCase().endsWith(`.${each}`));
    if (!isPlainName(name) || kind === undefined)
      throw new AttachmentError(`附件名应以 ${kinds.join('、')} 结尾，不含路径`);
    if (content.length === 0) throw new AttachmentError('附件是空的');
    if (content.length > bytes) throw new AttachmentTooLargeError(`附件最大 ${bytes} 字节`);
    const { starts, mediaType } = KINDS[kind];
    if (!starts.every((byte, index) => content[index] === byte))
      throw new AttachmentError(`附件内容不是 ${kind} 文件`);
    return { name, content, mediaType, size: content.length, digest: sha256(content) };
  });
}

function isPlainName(name: string): boolean {
  return name.length <= 120 && /^[^\p{Cc}\\/:*?"<>|]+$/u.test(name) && !name.startsWith('.');
}
