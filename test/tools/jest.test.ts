import { runsOf } from '../../tools/jest.cjs';

const THRESHOLD = '--coverageThreshold={"global":{"lines":100}}';

test('without COVERAGE the tests run once, without coverage', () => {
  expect(runsOf(['test/cli', '-t', 'x'], {})).toEqual([['test/cli', '-t', 'x']]);
});

test('with COVERAGE each test also runs once; those of the engine and rules must cover every line of it', () => {
  const [engine, others, ...more] = runsOf([], { COVERAGE: 'true' });
  expect(engine.slice(0, 3)).toEqual(['test/mesh/', 'test/analysis/', 'test/explain/']);
  expect(engine).toEqual(expect.arrayContaining(['--coverage', '--collectCoverageFrom=src/mesh/**', '--collectCoverageFrom=src/analysis/**', THRESHOLD]));
  expect(others).toEqual(['/node_modules/', '<rootDir>/test/mesh/', '<rootDir>/test/analysis/', '<rootDir>/test/explain/'].map((path) => `--testPathIgnorePatterns=${path}`));
  expect(more).toEqual([]);
});

test('the coverage of the engine can be had by itself', () => {
  expect(runsOf([], { COVERAGE: 'engine' })).toEqual([expect.arrayContaining(['test/mesh/', THRESHOLD])]);
});
