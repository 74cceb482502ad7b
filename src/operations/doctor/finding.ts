/** What the preflight found about one thing. `remedy` tells a person at the machine what to do; null when nothing is to be done. */
export interface DoctorFinding {
  readonly what: string;
  readonly verdict: 'good' | 'warning' | 'bad';
  readonly detail: string;
  readonly remedy: string | null;
}

export const good = (what: string, detail: string): DoctorFinding => ({
  what,
  verdict: 'good',
  detail,
  remedy: null,
});
export const warning = (what: string, detail: string, remedy: string): DoctorFinding => ({
  what,
  verdict: 'warning',
  detail,
  remedy,
});
export const bad = (what: string, detail: string, remedy: string): DoctorFinding => ({
  what,
  verdict: 'bad',
  detail,
  remedy,
});

const OLDEST_NODE = [20, 19] as const;
const GIB = 2 ** 30;
/** A site with its database elsewhere; the demo county needs no more. */
const LEAST_MEMORY = 2 * GIB;
const ENOUGH_MEMORY = 4 * GIB;
const ENOUGH_CORES = 2;

export function nodeFinding(version: string): DoctorFinding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isNew = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return isNew
    ? good('Node', version)
    : bad('Node', version, `请安装 Node ${OLDEST_NODE.join('.')} 以上，或使用带 Node 的安装包。`);
}

export function memoryFinding(bytes: number): DoctorFinding {
  const detail = `${(bytes / GIB).toFixed(1)} GB`;
  if (bytes < LEAST_MEMORY) return bad('内存', detail, '请至少提供 2 GB，建议 4 GB。');
  return bytes < ENOUGH_MEMORY
    ? warning('内存', detail, '够用于演示；正式使用建议 4 GB 以上。')
    : good('内存', detail);
}

export function coresFinding(cores: number): DoctorFinding {
  return cores < ENOUGH_CORES
    ? warning('处理器', `${cores} 核`, '建议至少 2 核，否则夜间采集与审核会互相等待。')
    : good('处理器', `${cores} 核`);
}

/** A key that others on the machine can read protects nothing. */
export function keyModeFinding(mode: number): DoctorFinding {
  return (mode & 0o077) === 0
    ? good('主密钥', '只有属主可读')
    : bad(
        '主密钥',
        `权限为 ${(mode & 0o777).toString(8)}`,
        '请执行 chmod 600，并更换主密钥：heyi secret rotate-kek。',
      );
}
