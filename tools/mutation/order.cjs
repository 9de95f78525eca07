// The order of the test files: those that killed the last mutants first, then the fast ones before the slow ones.
/** How many files run together, before all that are left. */
const FIRST = [3, 10];
const milliseconds = new Map();
let last = [];
let runs = 0;

module.exports = class Order {
  static took(path, time) {
    milliseconds.set(path, time);
  }

  static first(path) {
    last = [path, ...last.filter((other) => other !== path)];
  }

  /** The files that run together first, those that do then, and those that do last. */
  static parts(paths) {
    const rank = (path) => (last.includes(path) ? last.indexOf(path) : last.length);
    const sorted = [...paths].sort((left, right) => rank(left) - rank(right) || milliseconds.get(left) - milliseconds.get(right));
    return [...FIRST.map((count) => sorted.splice(0, count)), sorted];
  }

  shard(tests) {
    return tests;
  }

  /** After the first run each of the files stands for a part. */
  sort(tests) {
    return runs++ === 0 ? tests : tests.slice(0, FIRST.length + 1);
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
};
