import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ProbeFinding, SourceContext, SourceUnit, UnitsRequest } from '../connector.js';
import { SourceRejectedError, SourceUnreachableError, UnfinishedFileError } from '../errors.js';
import { decodeText } from './decode-text.js';
import type { DropOptions, DropStream } from './drop-options.js';
import { filePattern } from './file-pattern.js';

/** Youngest files whose bytes a probe looks at. */
const LOOKED_AT = 5;
const DAY_MS = 86_400_000;
/** A clinic drops at least once a month. */
const STALE_DAYS = 35;

function ageFinding(modifiedMs: number): ProbeFinding {
  const days = Math.floor((Date.now() - modifiedMs) / DAY_MS);
  const remedy = '已超过一个月没有新文件：请联系该机构确认投放是否中断。';
  const detail = `最新文件是 ${days} 天前的`;
  return { check: '最新文件', ok: true, detail, ...(days > STALE_DAYS ? { remedy } : {}) };
}

interface Seen {
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly isFile: boolean;
}

/** A folder into which a member drops files. Files are only ever read. */
export class DropFolder {
  private readonly path: string;
  private seen: Promise<readonly Seen[]> | null = null;

  constructor(
    private readonly options: DropOptions,
    private readonly context: SourceContext,
  ) {
    this.path = resolve(context.dataDir, options.folder);
  }

  /** Can it be read, what lies there, how old is the youngest, and in which encoding. */
  async probe(): Promise<readonly ProbeFinding[]> {
    const folder = await this.folderFinding();
    if (!folder.ok) return [folder];
    const matching = (await this.look()).filter(
      ({ name, isFile }) => isFile && this.dayOf(name, undefined) !== null,
    );
    const youngest = [...matching].sort((a, b) => b.mtimeMs - a.mtimeMs).slice(0, LOOKED_AT);
    const [newest] = youngest;
    if (newest === undefined) return [folder];
    return [folder, ageFinding(newest.mtimeMs), await this.encodingFinding(youngest)];
  }

  private async encodingFinding(files: readonly Seen[]): Promise<ProbeFinding> {
    const seen = new Set<string>();
    for (const { name } of files) {
      const bytes = await readFile(join(this.path, name));
      if (isUtf8(bytes)) seen.add('utf-8');
      else seen.add(this.decode(bytes) === null ? '无法解码' : this.options.encoding);
    }
    const ok = !seen.has('无法解码');
    const detail = `最新 ${files.length} 个文件：${[...seen].join('、')}`;
    const remedy = '请核对 options.encoding，或请来源单位改用约定的编码。';
    return { check: '文件编码', ok, detail, ...(ok ? {} : { remedy }) };
  }

  private async folderFinding(): Promise<ProbeFinding> {
    const check = '投放目录';
    try {
      await access(this.path, constants.R_OK | constants.X_OK);
      const names = await readdir(this.path);
      const matching = names.filter((name) => this.dayOf(name, undefined) !== null);
      return { check, ok: true, detail: `${matching.length} 个文件符合 ${this.options.files}` };
    } catch {
      return {
        check,
        ok: false,
        detail: `无法读取 ${this.options.folder}`,
        remedy: '请建立该目录并让网关账号可读。',
      };
    }
  }

  /** Files about days of the window (or before, when late ones count), by day and name. */
  async units({ stream, window, late }: UnitsRequest<DropStream>): Promise<readonly SourceUnit[]> {
    const found: SourceUnit[] = [];
    for (const { name, size, mtimeMs, isFile } of await this.look()) {
      const day = this.dayOf(name, stream.files);
      if (day === null || day >= window.to || (!late && day < window.from)) continue;
      if (isFile) found.push({ name, day, size, modifiedMs: Math.trunc(mtimeMs) });
    }
    return found.sort((a, b) => (a.day + a.name < b.day + b.name ? -1 : 1));
  }

  /** What lies there, seen once for all streams of a session; what comes meanwhile is found by the next. */
  private look(): Promise<readonly Seen[]> {
    this.seen ??= this.names().then((names) =>
      Promise.all(names.map(async (name) => ({ name, ...(await this.statOf(name)) }))),
    );
    return this.seen;
  }

  /** @throws UnfinishedFileError when the file changed while it was read */
  async bytesOf(name: string): Promise<Uint8Array> {
    const before = await this.statOf(name);
    const { fileBytes: limit, fileSettleMs } = this.context.limits;
    // Nearness to now, whichever clock is ahead: a file server's or, for a moment, our own.
    if (Math.abs(Date.now() - before.mtimeMs) < fileSettleMs) {
      throw new UnfinishedFileError(`文件 ${name} 刚刚改动过，等它静止`);
    }
    if (before.size > limit) {
      throw new SourceRejectedError(`文件 ${name} 超过 ${limit} 字节`, '请来源单位分批投放。');
    }
    const bytes = await readFile(join(this.path, name));
    const after = await this.statOf(name);
    if (before.size !== after.size || before.mtimeMs !== after.mtimeMs) {
      throw new UnfinishedFileError(`文件 ${name} 正在写入`);
    }
    return bytes;
  }

  async fingerprint(name: string): Promise<string> {
    return createHash('sha256')
      .update(await this.bytesOf(name))
      .digest('hex');
  }

  decode(bytes: Uint8Array): string | null {
    return decodeText(bytes, this.options.encoding);
  }

  private dayOf(name: string, pattern: string | undefined): string | null {
    return filePattern(pattern ?? this.options.files)?.dayOf(name) ?? null;
  }

  private async names(): Promise<readonly string[]> {
    try {
      return await readdir(this.path);
    } catch (cause) {
      throw new SourceUnreachableError(`投放目录 ${this.options.folder} 无法读取`, {}, { cause });
    }
  }

  private async statOf(name: string) {
    try {
      const found = await stat(join(this.path, name));
      return { size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
    } catch (cause) {
      throw new UnfinishedFileError(`文件 ${name} 已被移走`, {}, { cause });
    }
  }
}
