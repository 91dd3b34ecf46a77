/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  globalSetup: '<rootDir>/test/support/run/begin.mjs',
  testSequencer: '<rootDir>/test/support/run/sequencer.mjs',
  globalTeardown: '<rootDir>/test/support/run/end.mjs',
  testTimeout: 120_000,
  maxWorkers: 2,
  // Modules of a file that has ended are never freed: in a worker of several gigabytes every collection takes seconds.
  workerIdleMemoryLimit: '1200MB',
};
