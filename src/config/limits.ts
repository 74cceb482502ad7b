import { z } from 'zod';
import { whole } from './values.js';

const KIB = 1024;
const GIB = 1024 ** 3;
const MINUTE_MS = 60_000;

/**
 * Every bound of the product in one file, `config/limits.yaml`. The ranges here only keep a slip of the hand from taking a hospital's
 * system or this one down; the values are the file's. Units stand last in each name.
 */
export const limitsSchema = z.strictObject({
  source: z.strictObject({
    batchRows: whole(100, 10_000).describe(
      '连接器一次交出的行数 / rows a connector yields at once',
    ),
    windowRows: whole(1, 50_000_000).describe(
      '一次读取一个时间窗的行数上限 / rows one read of one window may return',
    ),
    pageRows: whole(1_000, 1_000_000).describe(
      '分页读取时单条查询返回的行数上限 / rows one statement returns where a window is read in pages',
    ),
    statementTimeoutMs: whole(1_000, 60 * MINUTE_MS).describe(
      '源库单条查询时限 / time one query may take at the source',
    ),
    connectTimeoutMs: whole(500, 5 * MINUTE_MS).describe('连接源库时限 / time to reach the source'),
    fileBytes: whole(1, 20 * GIB).describe('单个投递文件大小上限 / size of one dropped file'),
    fileSettleMs: whole(0, 60 * MINUTE_MS).describe(
      '文件静止多久才读 / a file younger than this may still be written',
    ),
    recordBytes: whole(KIB, 64 * KIB * KIB).describe(
      '单条 XML 记录大小上限 / size of one XML record',
    ),
    textBytes: whole(KIB, 16 * KIB * KIB).describe('单个文本值大小上限 / size of one text value'),
    xmlDepth: whole(4, 256).describe('XML 嵌套层数上限 / nesting of XML'),
    xmlAttributes: whole(1, 256).describe('XML 元素属性个数上限 / attributes of one XML element'),
  }),
  ingest: z.strictObject({
    sliceRows: whole(1_000, 1_000_000).describe('一个事务处理的行数 / rows of one transaction'),
    freshRows: whole(1, 50_000_000).describe(
      '一个未动过的月份一次读入的明细不少于此数时，单独成表后并入 / lines of an untouched month from which they go into a table of their own',
    ),
    quarantineRowsPerBatch: whole(1, 1_000_000).describe(
      '一批隔离超过此数则整批拒收 / above this the batch is rejected whole',
    ),
  }),
  sync: z.strictObject({
    lookBackDays: whole(0, 62).describe(
      '每夜复查之前多少天 / days before a night that it looks at again',
    ),
    catchUpDays: whole(0, 366).describe(
      '书签落后时每夜最多补读多少天 / days a night makes up for at most when a bookmark lags behind',
    ),
    safetyLagMinutes: whole(0, 24 * 60).describe(
      '当日只读到此刻之前多少分钟 / of the running day nothing younger than this is read',
    ),
    withdrawFewRows: whole(0, 1_000).describe(
      '来源删除不超过此行数时总是自动撤销 / so few rows deleted at the source are always withdrawn',
    ),
    withdrawRows: whole(0, 1_000_000).describe(
      '一个时间窗自动撤销的行数上限 / most rows of a window withdrawn without a person',
    ),
    withdrawPercent: whole(0, 100).describe(
      '一个时间窗自动撤销的比例上限（%） / most of a window, in percent, withdrawn without a person',
    ),
    listedKeys: whole(1, 10_000).describe(
      '比对时列出的主键个数上限 / keys that a comparison lists of each kind',
    ),
  }),
  jobs: z.strictObject({
    attempts: whole(3, 20).describe('任务尝试次数上限 / most attempts of a job'),
    backoffMs: whole(100, 60 * MINUTE_MS).describe('首次重试间隔 / delay before the first retry'),
    payloadBytes: whole(256, 64 * KIB).describe('任务载荷大小上限 / size of a job payload'),
    lockMs: whole(5_000, 5 * MINUTE_MS).describe(
      '任务锁时长 / a job lock lives this long unless renewed',
    ),
    stalledMs: whole(500, MINUTE_MS).describe(
      '查找失联任务的间隔 / how often jobs of vanished workers are looked for',
    ),
    heartbeatMs: whole(500, MINUTE_MS).describe(
      '进程报到间隔，时钟随之核对 / how often a worker reports and checks its clock',
    ),
    sourceLeaseMs: whole(3_000, 5 * MINUTE_MS).describe(
      '来源占用时长，报到时续期 / a reader holds its source this long unless renewed',
    ),
    readersPerSource: whole(1, 16).describe(
      '同时读取一个来源的任务数，机构可另设 / readers of one source at once, over all hosts',
    ),
    relayMs: whole(100, MINUTE_MS).describe(
      'Redis 队列：补交任务的最长间隔 / queues on Redis: work is handed over at least this often',
    ),
    clockSkewMs: whole(100, MINUTE_MS).describe(
      '与数据库时钟最大偏差 / a worker further from the database clock does not start',
    ),
    sweepMs: whole(1_000, 60 * MINUTE_MS).describe(
      '丢失任务巡检间隔 / how often lost jobs are looked for',
    ),
    shutdownMs: whole(1_000, 10 * MINUTE_MS).describe(
      '停机等待时限 / time running jobs get at shutdown',
    ),
    sourcesAtOnce: whole(1, 64).describe(
      '一个进程同时读取的来源数 / sources one process reads at once',
    ),
  }),
  agency: z.strictObject({
    attempts: whole(1, 20).describe('推送尝试次数 / attempts of a push'),
    backoffMs: whole(10, 10 * MINUTE_MS).describe(
      '首次重新查询前的间隔，之后加倍 / pause before asking again, doubled each time',
    ),
    messagesAtOnce: whole(1, 100).describe('同时在途的报文数 / messages under way at once'),
    batchMessages: whole(1, 1_000).describe(
      '一次登记为已发出的报文数 / written down as sent together',
    ),
    timeoutMs: whole(1_000, 5 * MINUTE_MS).describe('等待应答时限 / time to wait for an answer'),
    messageBytes: whole(KIB, 64 * KIB * KIB).describe('报文大小上限 / size of one message'),
    fileRows: whole(1, 1_000_000).describe('明细对账文件行数上限 / rows of one detail file'),
  }),
  database: z.strictObject({
    connections: whole(2, 500).describe('连接池大小 / connections of one process'),
    statementTimeoutMs: whole(1_000, 240 * MINUTE_MS).describe(
      '本库单条语句时限 / time one statement may take',
    ),
  }),
  api: z.strictObject({
    pageRows: whole(1, 10_000).describe('一页行数上限 / rows of one page'),
    bodyBytes: whole(KIB, 64 * KIB * KIB).describe('请求体大小上限 / size of a request body'),
    appealBytes: whole(KIB, 64 * KIB * KIB).describe(
      '带附件的申诉的请求体大小上限 / size of an appeal with its attachments',
    ),
    requestsPerMinute: whole(1, 100_000).describe(
      '每分钟请求数上限 / requests of one client a minute',
    ),
    exportRows: whole(1, 1_000_000).describe('一次导出的行数上限 / rows of one export'),
    connectTimeoutMs: whole(100, MINUTE_MS).describe(
      '等待数据库连接的时限，超过则答 503 / wait for a database connection, then 503',
    ),
    statementTimeoutMs: whole(1_000, 10 * MINUTE_MS).describe(
      '一次查询的时限 / time one query may take',
    ),
    streamsPerUser: whole(1, 100).describe(
      '一人同时打开的进度流 / progress streams one person holds open',
    ),
  }),
  sheets: z.strictObject({
    rows: whole(1, 1_000_000).describe('导入表格的行数上限 / rows of an imported sheet'),
    bytes: whole(KIB, GIB).describe('导入表格的大小上限 / size of an imported sheet'),
    entriesAtOnce: whole(1, 100_000).describe(
      '一次批量处理的隔离记录数上限 / quarantine entries one command takes on',
    ),
    suggestedCodes: whole(1, 1_000_000).describe(
      '一次给出对照建议的编码数上限 / codes that one export makes suggestions for',
    ),
  }),
  registers: z.strictObject({
    rows: whole(1, 10_000_000).describe('一次导入的登记的行数上限 / rows of a register'),
    bytes: whole(KIB, GIB).describe('一次导入的登记的大小上限 / size of a register'),
  }),
  operations: z.strictObject({
    freeDiskBytes: whole(1, 100 * 1024 * GIB).describe(
      '数据目录剩余低于此数即未就绪 / less free disk than this: not ready',
    ),
    idleSeconds: whole(60, 86_400).describe(
      '到期工作无人执行超过此数即未就绪 / due work that nothing moves for this long: not ready',
    ),
  }),
  access: z.strictObject({
    idleMinutes: whole(1, 1_440).describe('会话闲置多久失效 / a session idle this long ends'),
    sessionHours: whole(1, 168).describe('会话最长多久 / a session ends after this, used or not'),
    leastCharacters: whole(8, 128).describe('口令最短长度 / shortest password'),
    mostCharacters: whole(64, 1_024).describe('口令最长长度 / longest password'),
    freeFailures: whole(1, 100).describe('登录失败几次之后开始锁定 / failures before lock-out'),
    firstSeconds: whole(1, 3_600).describe('首次锁定时长，之后加倍 / first lock-out, then doubled'),
    mostSeconds: whole(1, 86_400).describe('最长锁定时长 / longest lock-out'),
  }),
});

export type Limits = z.output<typeof limitsSchema>;
