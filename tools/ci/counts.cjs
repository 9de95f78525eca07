// How many tests of a step passed and failed, by what it printed and its exit code.

const numberBefore = (word, lines) => lines.reduce((sum, line) => sum + Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0), 0);

/** A step that failed beside its tests (a type check, a crash), or that ran none, has one failure more. */
function counted(lines, exitCode) {
  const [passed, failed] = [numberBefore('passed', lines), numberBefore('failed', lines)];
  const isSilent = exitCode !== 0 && failed === 0 || passed === 0;
  return { passed, failed: failed + Number(isSilent) };
}

// eslint-disable-next-line no-control-regex
const withoutColours = (log) => log.replace(/\x1b\[[0-9;]*m/g, '');
const linesOf = (log) => withoutColours(log).trimEnd().split('\n');

const COUNTS = {
  /** The step is one test. */
  one: (_log, exitCode) => (exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
  /** Jest's summary has the numbers, of each run. */
  jest: (log, exitCode) => counted(linesOf(log).filter((line) => line.startsWith('Tests: ')), exitCode),
  /** The last line has them. */
  suite: (log, exitCode) => counted([linesOf(log).at(-1)], exitCode),
};

module.exports = { COUNTS };
