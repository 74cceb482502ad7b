import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { KnowledgeImportError } from './errors.js';
import type { KnowledgePoint } from './knowledge.js';
import { ShippedKnowledge } from './knowledge.loader.js';
import { batchRecords, readOfficialBatches } from './official-batches.js';
import type { OfficialPoint } from './official-point.js';
import { batchOfFileName, type OfficialList, readOfficialWorkbook } from './official-workbook.js';
import { type Batch, parseBatches } from './point-table.js';
import { assembleRelease, type BatchSummary, renderRelease, summariseBatches } from './release.js';
import { knowledgeFolder, readKnowledgeText } from './table.loader.js';
import { readWorkbook } from './workbook.loader.js';

export interface ImportedFile {
  readonly file: string;
  /** `remarks` are rows under a list that are not points; `skipped` says why a file was left out. */
  readonly points: number;
  readonly rows: number;
  readonly remarks: number;
  readonly skipped: string | null;
}

export interface ImportReport {
  readonly files: readonly ImportedFile[];
  readonly notes: readonly string[];
  readonly before: readonly BatchSummary[];
  readonly after: readonly BatchSummary[];
  /** False when the lists bring nothing the knowledge base does not already hold. */
  readonly changed: boolean;
  /** False after a dry run, or when nothing changed. */
  readonly written: boolean;
}

export interface ImportRequest {
  /** Workbooks (.xlsx), JSON batches (.json, .json.gz), or folders that hold them. */
  readonly paths: readonly string[];
  readonly dryRun: boolean;
  readonly folder?: string;
  /** Write the whole release here instead, as a candidate, and leave the base as it is. */
  readonly into?: string;
}

/**
 * Brings official lists into the knowledge base: all of them, or nothing.
 *
 * @throws KnowledgeImportError naming every row that cannot be used; the tables stay as they were
 */
export async function importKnowledge(request: ImportRequest): Promise<ImportReport> {
  const folder = request.folder ?? knowledgeFolder();
  const base = readBase(folder);
  const intake = new Intake();
  const sources = await filesOf(request.paths);
  if (sources.length === 0)
    throw new KnowledgeImportError('文件夹中没有 .xlsx、.json 或 .json.gz 文件');
  for (const path of sources) await intake.read(path);
  const batches = new Map([...base.batches, ...intake.batches]);
  const release = assembleRelease({
    existing: base.points,
    incoming: intake.points,
    batches,
    classes: intake.classes,
  });
  const problems = [...intake.problems, ...release.problems];
  if (problems.length > 0) {
    throw new KnowledgeImportError(`${problems.length} 处无法导入：\n${problems.join('\n')}`);
  }
  const files = renderRelease(release.points, batches);
  const changed = [...files].some(([path, text]) => text !== textOf(path, folder));
  const written = (changed || request.into !== undefined) && !request.dryRun;
  if (written) await writeFiles(request.into ?? folder, files);
  return {
    files: intake.files,
    notes: release.notes,
    before: summariseBatches(base.points, base.batches.values()),
    after: summariseBatches(release.points, batches.values()),
    changed,
    written,
  };
}

interface Base {
  readonly points: readonly KnowledgePoint[];
  readonly batches: ReadonlyMap<string, Batch>;
}

/** What is there already; a folder with only `batches.csv` is the first import. */
function readBase(folder: string): Base {
  if (!existsSync(join(folder, 'nhsa/release.json'))) {
    const batches = textOf('nhsa/batches.csv', folder);
    return { points: [], batches: batches === null ? new Map() : parseBatches(batches) };
  }
  const shipped = new ShippedKnowledge(folder);
  return { points: shipped.points(), batches: shipped.batches };
}

function textOf(path: string, folder: string): string | null {
  return existsSync(join(folder, path)) ? readKnowledgeText(path, folder) : null;
}

async function filesOf(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (!existsSync(path)) throw new KnowledgeImportError(`找不到 ${path}`);
    if (!(await stat(path)).isDirectory()) {
      files.push(path);
      continue;
    }
    const entries = await readdir(path, { recursive: true });
    files.push(
      ...entries
        .filter((name) => /\.(?:xlsx|json|json\.gz)$/.test(name))
        .map((name) => join(path, name)),
    );
  }
  return files.toSorted((a, b) => (a < b ? -1 : 1));
}

/** Reads files one by one and keeps what they hold. */
class Intake {
  readonly points: OfficialPoint[] = [];
  readonly problems: string[] = [];
  readonly files: ImportedFile[] = [];
  readonly batches = new Map<string, Batch>();
  readonly classes = new Map<string, string>();

  async read(path: string): Promise<void> {
    const file = basename(path);
    if (file.endsWith('.xlsx')) await this.readWorkbook(path, file);
    else await this.readJson(path, file);
  }

  private async readWorkbook(path: string, file: string): Promise<void> {
    const batch = batchOfFileName(file);
    if (batch === null) {
      this.leaveOut(file, '文件名中没有“第…批”');
      return;
    }
    try {
      this.keep(file, readOfficialWorkbook(await readWorkbook(path), batch, file));
    } catch (error) {
      this.problems.push(
        `${file}：不是可读的 xlsx 文件（${error instanceof Error ? error.message : ''}）`,
      );
    }
  }

  private async readJson(path: string, file: string): Promise<void> {
    const bytes = await readFile(path);
    let content: unknown;
    try {
      content = JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
    } catch {
      this.problems.push(`${file}：不是完整的 JSON 文件`);
      return;
    }
    if (!Array.isArray(content)) {
      this.leaveOut(file, '不是知识点批次');
      return;
    }
    const records = batchRecords.safeParse(content);
    if (!records.success) {
      const [issue] = records.error.issues;
      this.problems.push(`${file} ${issue?.path.join('.') ?? ''}：${issue?.message ?? ''}`);
      return;
    }
    const list = readOfficialBatches(records.data, file);
    for (const batch of list.batches) this.batches.set(batch.batch, batch);
    for (const [key, ruleClass] of list.classes) this.classes.set(key, ruleClass);
    this.keep(file, list);
  }

  private keep(file: string, list: OfficialList): void {
    this.points.push(...list.points);
    this.problems.push(...list.problems);
    this.files.push({
      file,
      points: list.points.length,
      rows: list.points.reduce((total, point) => total + point.codes.length, 0),
      remarks: list.remarks,
      skipped: null,
    });
  }

  private leaveOut(file: string, reason: string): void {
    this.files.push({ file, points: 0, rows: 0, remarks: 0, skipped: reason });
  }
}

/** Each file is complete or absent at any moment; the manifest comes last. */
async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(`${target}.part`, text);
    await rename(`${target}.part`, target);
  }
}
