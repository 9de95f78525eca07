import { runsOf } from '../../tools/jest.cjs';

const THRESHOLD = '--coverageThreshold={"global":{"lines":100}}';

test('without a variable the tests run once, and no lines are noted', () => {
  expect(runsOf(['test/cli', '-t', 'x'], {})).toEqual([['test/cli', '-t', 'x']]);
});

test('with coverage each test runs once, too: those of the engine and its rules have to run every line of it', () => {
  const [engine, others, ...more] = runsOf([], { COVERAGE: 'true' });
  expect(engine.slice(0, 3)).toEqual(['test/mesh/', 'test/analysis/', 'test/explain/']);
  expect(engine).toEqual(expect.arrayContaining(['--coverage', '--collectCoverageFrom=src/mesh/**', '--collectCoverageFrom=src/analysis/**', THRESHOLD]));
  expect(others).toEqual(['/node_modules/', '<rootDir>/test/mesh/', '<rootDir>/test/analysis/', '<rootDir>/test/explain/'].map((path) => `--testPathIgnorePatterns=${path}`));
  expect(more).toEqual([]);
});

test('the coverage of the engine can be had by itself', () => {
  expect(runsOf([], { COVERAGE: 'engine' })).toEqual([expect.arrayContaining(['test/mesh/', THRESHOLD])]);
});
