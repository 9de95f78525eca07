// What is printed of steps that ended: a table, and all counts in the last line.

function rowOf({ step, seconds, megabytes, counts }) {
  const remarks = [counts.failed > 0 && `${counts.failed} FAILED`, seconds > step.seconds && 'longer than its budget', megabytes > step.memory && 'more memory than declared'].filter(Boolean);
  return [
    step.name.padEnd(36), `${counts.passed + counts.failed}`.padStart(8), `${step.cores}`.padStart(6),
    `${megabytes} of ${step.memory}`.padStart(14), `${seconds} of ${step.seconds}`.padStart(13), ...remarks.length > 0 ? [`  ${remarks.join(', ')}`] : [],
  ].join('');
}

/** The lines of a failed step that are printed once more at the end, since its whole output is far above. */
const LAST_LINES = 60;

const endOf = ({ step, log }) => [`--- the end of ${step.name}, which FAILED`, ...log.trimEnd().split('\n').slice(-LAST_LINES)];

/** A budget that is broken is marked and fails nothing: machines differ. */
function reportOf(ended, seconds) {
  const sum = (what) => ended.reduce((total, { counts }) => total + counts[what], 0);
  return [
    ...ended.filter(({ counts }) => counts.failed > 0).flatMap(endOf),
    ['step'.padEnd(36), 'tests'.padStart(8), 'cores'.padStart(6), 'MB'.padStart(14), 'seconds'.padStart(13)].join(''),
    ...ended.map(rowOf),
    `in all ${Math.floor(seconds / 60)} min ${seconds % 60} s`,
    `${sum('passed')} passed, ${sum('failed')} failed`,
  ].join('\n');
}

const holds = (ended) => ended.length > 0 && ended.every(({ counts }) => counts.failed === 0);

module.exports = { reportOf, holds };
