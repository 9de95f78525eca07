// jest's own test runner, but frugal. Stryker starts jest once for each mutant, and to load jest and the model anew for
// each test file would take longer than the tests. So files run together: first those that killed the last mutants,
// since they likely kill their neighbours too, then all others that are wanted. The first failure ends the run, since
// one is enough to kill a mutant. Stryker's first run, which measures what each test reaches, is an ordinary one.
// Stryker takes a runner for one that tells tests apart by `jest-circus` in its path.
const { AsyncLocalStorage } = require('node:async_hooks');
const { createEmptyTestResult } = require('@jest/test-result');
const { default: circus } = require('jest-circus/runner');
const order = require('./order.cjs');

const TOGETHER = require.resolve('./together.cjs');

/** The names of each file's tests. */
const namesByPath = new Map();
let firstRun;
let run;
/** What is left to run: lists of files. */
let left = [];

module.exports = async function runTestFile(globalConfig, config, environment, runtime, testPath, ...more) {
  firstRun ??= globalConfig; // jest makes one for each run
  if (firstRun === globalConfig) {
    const result = await circus(globalConfig, config, environment, runtime, testPath, ...more);
    namesByPath.set(testPath, result.testResults.map(({ fullName }) => fullName));
    order.took(testPath, result.testResults.reduce((sum, { duration }) => sum + duration, 0));
    return result;
  }
  const wanted = namesIn(globalConfig.testNamePattern);
  if (run !== globalConfig) [run, left] = [globalConfig, order.parts([...namesByPath.keys()].filter((path) => isWanted(path, wanted)))];
  const paths = left.shift() ?? [];
  if (paths.length === 0) return passedOver(testPath);
  environment.global.testFiles = paths;
  runOnly(wanted, environment);
  const result = await circus({ ...globalConfig, testNamePattern: undefined }, config, environment, runtime, TOGETHER, ...more);
  stopStorages();
  const failed = result.testResults.find(({ status }) => status === 'failed');
  if (failed) {
    left = [];
    order.first(paths.find((path) => namesByPath.get(path).includes(failed.fullName)));
  }
  return { ...result, testFilePath: testPath };
};

/** jest leaves a storage behind in each run, and each makes every promise of all later runs slower. */
const storages = new Set();
const { run: runInStorage } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...more) {
  storages.add(this);
  return runInStorage.apply(this, more);
};

function stopStorages() {
  for (const storage of storages) storage.disable();
  storages.clear();
}

/**
 * The tests that Stryker wants; undefined: all. It names them as a pattern of a thousand alternatives, and to try that on
 * each test would take longer than the tests.
 */
function namesIn(pattern) {
  return pattern && new Set(pattern.slice(1, -1).split(')|(').map((name) => name.replace(/\\(.)/g, '$1')));
}

function isWanted(path, wanted) {
  return !wanted || namesByPath.get(path).some((name) => wanted.has(name));
}

/** Passes over tests that aren't wanted, and over all after the first failure. */
function runOnly(wanted, environment) {
  const handle = environment.handleTestEvent?.bind(environment);
  let failed = false;
  environment.handleTestEvent = async (event, state) => {
    if (event.name === 'test_fn_failure') failed = true;
    if (event.name === 'test_start' && (failed || (wanted && !wanted.has(fullName(event.test))))) event.test.mode = 'skip';
    await handle?.(event, state);
  };
}

function fullName({ name, parent }) {
  return parent.parent ? `${fullName(parent)} ${name}` : name;
}

/** A file without any test would count as an error. */
function passedOver(testFilePath) {
  const test = { ancestorTitles: [], title: testFilePath, fullName: testFilePath, status: 'pending', failureMessages: [], failureDetails: [], numPassingAsserts: 0 };
  return { ...createEmptyTestResult(), testFilePath, numPendingTests: 1, testResults: [test] };
}
