import { existsSync, statSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { Limits } from '../../config/limits.js';
import type { Site } from '../../config/site.js';
import { keyPathOf } from '../../secrets/key-file.loader.js';
import { envelopesPathOf } from '../../secrets/secret-vault.loader.js';
import {
  bad,
  coresFinding,
  type DoctorFinding,
  good,
  keyModeFinding,
  memoryFinding,
  nodeFinding,
  warning,
} from './finding.js';

const MIB = 2n ** 20n;

/** The machine and its folders; nothing is changed. */
export async function machineFindings(
  site: Site,
  { limits, port }: { readonly limits: Limits; readonly port: number },
): Promise<readonly DoctorFinding[]> {
  return [
    nodeFinding(process.version),
    memoryFinding(totalmem()),
    coresFinding(cpus().length),
    accountFinding(),
    await folderFinding(site.dataDir),
    await diskFinding(site.dataDir, limits.operations.freeDiskBytes),
    await portFinding(port),
    keyFinding(site),
  ];
}

function accountFinding(): DoctorFinding {
  const uid = process.getuid?.();
  if (uid !== 0) return good('运行用户', `uid ${uid ?? '?'}`);
  return warning(
    '运行用户',
    'root',
    '可用于试用；正式使用请以专用用户运行（install.sh 会建立 heyi）。',
  );
}

/** The nearest folder that exists: the others are made when they are needed. */
function existing(path: string): string {
  let folder = path;
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

async function folderFinding(dataDir: string): Promise<DoctorFinding> {
  const folder = existing(dataDir);
  return access(folder, constants.W_OK).then(
    () => good('数据目录', dataDir),
    () =>
      bad('数据目录', `${folder} 不可写`, '请让运行用户拥有该文件夹，或用 HEYI_DATA 指向别处。'),
  );
}

async function diskFinding(dataDir: string, least: number): Promise<DoctorFinding> {
  const { bavail, bsize } = await statfs(existing(dataDir), { bigint: true });
  const free = bavail * bsize;
  const detail = `剩余 ${free / MIB} MB`;
  if (free < BigInt(least))
    return bad('磁盘', detail, `请腾出空间：下限 ${BigInt(least) / MIB} MB。`);
  return free < 10n * BigInt(least)
    ? warning('磁盘', detail, '够用于试用；正式使用请按 docs/operations.md 估算一年的容量。')
    : good('磁盘', detail);
}

function portFinding(port: number): Promise<DoctorFinding> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () =>
      resolve(warning('端口', `${port} 已被占用`, '若不是本系统在运行，请用 --port 另选端口。')),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(good('端口', `${port} 空闲`))));
  });
}

function keyFinding(site: Site): DoctorFinding {
  const path = keyPathOf(site);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined) return keyModeFinding(found.mode);
  return existsSync(envelopesPathOf(site))
    ? bad('主密钥', `${path} 不存在`, '请放回主密钥文件；丢失则须重新录入各项机密。')
    : good('主密钥', '尚未使用');
}
