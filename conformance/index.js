// Runs a program of the suite: node conformance PROGRAM [ARGUMENT]…, where PROGRAM is a file of this folder without `.ts`.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
require('./typescript.js');

const [program] = process.argv.splice(2, 1);
if (program === undefined || !existsSync(join(__dirname, `${program}.ts`))) {
  console.error(`conformance: no program '${program ?? ''}'; expected one such as run, build or self-test. Fix: CONTRIBUTING.md lists them.`);
  process.exitCode = 2;
} else {
  require(`./${program}.ts`);
}
