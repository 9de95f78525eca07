// Runs Jest: node tools/jest.cjs [ARGUMENT]…. With the variable COVERAGE every test runs once, too, and those of the engine and its
// rules have to run every line of them; `COVERAGE=engine` leaves the others out.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
/** The folders of test/ that have to cover every line, and those of src/ whose lines count. */
const [TESTS, COVERED] = [['mesh', 'analysis', 'explain'], ['mesh', 'analysis']];

const coverage = [
  '--coverage', '--coverageReporters=text-summary', '--coverageDirectory=coverage', ...COVERED.map((folder) => `--collectCoverageFrom=src/${folder}/**`),
  `--coverageThreshold=${JSON.stringify({ global: { lines: 100 } })}`,
];
const others = ['/node_modules/', ...TESTS.map((folder) => `<rootDir>/test/${folder}/`)].map((pattern) => `--testPathIgnorePatterns=${pattern}`);

/**
 * The arguments of each run.
 *
 * @param {string[]} args
 * @param {{ COVERAGE?: string }} env
 */
function runsOf(args, { COVERAGE }) {
  if (!COVERAGE) return [args];
  const ofEngine = [...TESTS.map((folder) => `test/${folder}/`), ...coverage, ...args];
  return COVERAGE === 'engine' ? [ofEngine] : [ofEngine, [...others, ...args]];
}

module.exports = { runsOf };

if (require.main === module) {
  const codes = runsOf(process.argv.slice(2), process.env)
    .map((args) => spawnSync(process.execPath, [require.resolve('jest/bin/jest'), '--ci', ...args], { cwd: ROOT, stdio: 'inherit' }).status ?? 1);
  process.exitCode = Math.max(...codes);
}
