// How good the tests of the mesh model are: docs/mutation.md has the results, CONTRIBUTING.md the command.
export default {
  mutate: ['src/mesh/**/*.ts'],
  plugins: ['@stryker-mutator/*', './tools/mutation/share.mjs'],
  ignorers: ['share'],
  testRunner: 'jest',
  jest: {
    config: {
      roots: ['<rootDir>/src', '<rootDir>/test'],
      testMatch: ['<rootDir>/test/mesh/**/*.test.ts', '<rootDir>/test/analysis/{rules,causes,remedies,partial-view,partial-namespaces,judgement,routes-and-calls}.test.ts'],
      runtime: 'jest-runtime', // not the one that loads the library once: what a module does when it is loaded is broken, too
      testEnvironment: 'node',
      testRunner: '<rootDir>/tools/mutation/jest-circus.cjs',
      testSequencer: '<rootDir>/tools/mutation/order.cjs',
    },
    enableFindRelatedTests: false, // which tests reach a mutant is measured, it need not be guessed from imports
  },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 120_000, // a busy machine must not pass for a mutant that hangs; endless loops are found by counting
  ignorePatterns: ['/*', '!/src', '!/test', '!/imports', '!/conformance', '!/docs', '!/tools', '!/package.json', '!/tsconfig.json'],
  tempDirName: '.cache/stryker/sandbox',
  incremental: true,
  incrementalFile: '.cache/stryker/incremental.json',
  reporters: ['progress-append-only', 'clear-text', 'json'],
  jsonReporter: { fileName: '.cache/stryker/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
};
