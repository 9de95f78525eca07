// jest's own test runner, but frugal: the first failure ends the run, since one is enough to kill a mutant, and a file
// none of whose tests is wanted isn't loaded. jest can do neither where Stryker starts it. Stryker takes a runner for
// one that tells tests apart by `jest-circus` in its path.
const { createEmptyTestResult } = require('@jest/test-result');
const { default: circus } = require('jest-circus/runner');
const order = require('./order.cjs');

/** The names of a file's tests, once it has run. */
const namesByPath = new Map();
let run;
let failed = false;

module.exports = async function runTestFile(globalConfig, config, environment, runtime, testPath, ...more) {
  if (run !== globalConfig) [run, failed] = [globalConfig, false]; // jest makes one for each run
  if (failed || !isWanted(testPath, globalConfig.testNamePattern)) return passedOver(testPath);
  const handle = environment.handleTestEvent?.bind(environment);
  environment.handleTestEvent = async (event, state) => {
    if (event.name === 'test_fn_failure') failed = true;
    if (event.name === 'test_start' && failed) event.test.mode = 'skip';
    await handle?.(event, state);
  };
  const result = await circus(globalConfig, config, environment, runtime, testPath, ...more);
  if (result.testResults.length > 0) namesByPath.set(testPath, result.testResults.map(({ fullName }) => fullName)); // else it didn't load
  if (result.numFailingTests > 0) {
    failed = true;
    order.first(testPath);
  }
  return result;
};

function isWanted(path, pattern) {
  const wanted = new RegExp(pattern ?? '', 'i');
  return namesByPath.get(path)?.some((name) => wanted.test(name)) ?? true;
}

/** A file without any test would count as an error. */
function passedOver(testFilePath) {
  const test = { ancestorTitles: [], title: testFilePath, fullName: testFilePath, status: 'pending', failureMessages: [], failureDetails: [], numPassingAsserts: 0 };
  return { ...createEmptyTestResult(), testFilePath, numPendingTests: 1, testResults: [test] };
}
