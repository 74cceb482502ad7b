import { spawn, spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';

interface End {
  readonly url: string;
  readonly sql: string;
}

/** Why `psql`, the rival of most benchmarks, cannot be run here; null when it can. */
export function psqlMissing(): string | null {
  if (spawnSync('psql', ['--version']).status === 0) return null;
  return 'psql is not on the PATH (Debian: apt-get install postgresql-client)';
}

/** `psql -c 'COPY … TO STDOUT' | psql -c 'COPY … FROM STDIN'` */
export function psqlPipe({ from, to }: { readonly from: End; readonly to: End }): Promise<void> {
  return shell(`${command('FROM_URL', 'FROM_SQL')} | ${command('TO_URL', 'TO_SQL')}`, {
    FROM_URL: from.url,
    FROM_SQL: from.sql,
    TO_URL: to.url,
    TO_SQL: to.sql,
  });
}

/** `psql -c 'COPY … FROM STDIN' < file` */
export function psqlFromFile({ url, sql }: End, path: string): Promise<void> {
  return shell(command('TO_URL', 'TO_SQL'), { TO_URL: url, TO_SQL: sql }, openSync(path, 'r'));
}

/** `psql -c 'COPY … TO STDOUT' > file` */
export function psqlToFile({ url, sql }: End, path: string): Promise<void> {
  return shell(`${command('TO_URL', 'TO_SQL')} > "$TO_FILE"`, {
    TO_URL: url,
    TO_SQL: sql,
    TO_FILE: path,
  });
}

const command = (url: string, sql: string) =>
  `psql -X -q -v ON_ERROR_STOP=1 "$${url}" -c "$${sql}"`;

function shell(
  line: string,
  variables: Readonly<Record<string, string>>,
  stdin: number | 'ignore' = 'ignore',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-o', 'pipefail', '-c', line], {
      env: { ...process.env, ...variables },
      stdio: [stdin, 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`psql ended with ${code}`));
    });
  });
}
