/** `npm run demo`: starts the embedded PostgreSQL, migrates, says where the data live, and stays until Ctrl-C (`--once`: stops). */
import 'reflect-metadata';
import { once } from 'node:events';
import { join } from 'node:path';
import { migrateDatabase } from '../database/migrate.service.js';
import { openDatabase } from '../database/open-database.launcher.js';
import { GatewayError } from '../kernel/errors.js';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

try {
  await demo(process.argv.includes('--once'));
} catch (error) {
  if (!(error instanceof GatewayError)) throw error;
  process.stderr.write(`错误 [${error.code}] ${error.message}\n办法 ${error.remedy}\n`);
  process.exitCode = 1;
}

async function demo(isOnce: boolean): Promise<void> {
  const home = join(import.meta.dirname, '../..');
  const database = await openDatabase({ home, url: process.env['DATABASE_URL'], server: 'own' });
  try {
    const { applied } = await migrateDatabase(database.pool);
    say(`数据库 ${database.dataDirectory ?? '（DATABASE_URL）'}`);
    say(`数据库结构：${applied.length === 0 ? '已是最新' : `新执行 ${applied.length} 个迁移`}`);
    if (isOnce) return;
    say('按 Ctrl-C 停止');
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  } finally {
    await database.close();
    say('已停止');
  }
}
