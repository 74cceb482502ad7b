/**
 * Jest in native ESM, one configuration, three projects:
 *   pure  src/**\/*.spec.ts        no database, no framework: a red test in a second
 *   nest  test/nest/**\/*.spec.ts  compiles modules; may use a database
 *   db    test/**\/*.spec.ts       everything else under test/, on one embedded PostgreSQL
 * Run through `npm test`, or `NODE_OPTIONS=--experimental-vm-modules npx jest <path>`.
 */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

const onPostgres = {
  ...shared,
  setupFiles: ['reflect-metadata'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

export default {
  maxWorkers: 2,
  workerIdleMemoryLimit: '300MB',
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/support/final-line-reporter.mjs'],
  projects: [
    { ...shared, displayName: 'pure', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    { ...onPostgres, displayName: 'nest', testMatch: ['<rootDir>/test/nest/**/*.spec.ts'] },
    {
      ...onPostgres,
      displayName: 'db',
      testMatch: ['<rootDir>/test/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/nest/'],
    },
  ],
};
