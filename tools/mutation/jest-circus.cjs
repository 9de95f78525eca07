// jest's own test runner, except that the first failure ends the run: one is enough to kill a mutant, and jest
// itself cannot stop where Stryker starts it. Stryker knows a runner that tells tests apart by `jest-circus` in its path.
const { createEmptyTestResult } = require('@jest/test-result');
const { default: circus } = require('jest-circus/runner');
const order = require('./order.cjs');

let run;
let failed = false;

module.exports = async function runTestFile(globalConfig, config, environment, runtime, testPath, ...more) {
  if (run !== globalConfig) [run, failed] = [globalConfig, false]; // jest makes one for each run
  if (failed) return passedOver(testPath);
  const handle = environment.handleTestEvent?.bind(environment);
  environment.handleTestEvent = async (event, state) => {
    if (event.name === 'test_fn_failure') failed = true;
    if (event.name === 'test_start' && failed) event.test.mode = 'skip';
    await handle?.(event, state);
  };
  const result = await circus(globalConfig, config, environment, runtime, testPath, ...more);
  if (result.numFailingTests > 0) {
    failed = true;
    order.first(testPath);
  }
  return result;
};

/** A file without any test would count as an error. */
function passedOver(testFilePath) {
  const test = { ancestorTitles: [], title: testFilePath, fullName: testFilePath, status: 'pending', failureMessages: [], failureDetails: [], numPassingAsserts: 0 };
  return { ...createEmptyTestResult(), testFilePath, numPendingTests: 1, testResults: [test] };
}
