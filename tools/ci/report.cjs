// What is printed of steps that ended: a table, and all counts in the last line.

function rowOf({ step, seconds, megabytes, counts }) {
  const over = [seconds > step.seconds && 'longer than its budget', megabytes > step.memory && 'more memory than declared'].filter(Boolean);
  return [
    step.name.padEnd(36), `${counts.passed + counts.failed}`.padStart(8), `${step.cores}`.padStart(6),
    `${megabytes} of ${step.memory}`.padStart(14), `${seconds} of ${step.seconds}`.padStart(13), ...over.length > 0 ? [`  ${over.join(', ')}`] : [],
  ].join('');
}

/** A budget that is broken is marked and fails nothing: machines differ. */
function reportOf(ended, seconds) {
  const sum = (what) => ended.reduce((total, { counts }) => total + counts[what], 0);
  return [
    ['step'.padEnd(36), 'tests'.padStart(8), 'cores'.padStart(6), 'MB'.padStart(14), 'seconds'.padStart(13)].join(''),
    ...ended.map(rowOf),
    `in all ${Math.floor(seconds / 60)} min ${seconds % 60} s`,
    `${sum('passed')} passed, ${sum('failed')} failed`,
  ].join('\n');
}

const holds = (ended) => ended.length > 0 && ended.every(({ counts }) => counts.failed === 0);

module.exports = { reportOf, holds };
