// Lets this process load the suite's TypeScript as it is: each file is stripped of its types when it is loaded, and nothing is written.
// Types are checked by `npx projen typecheck`. What is judged is the library as it is compiled in lib/: library.ts.
const { readFileSync } = require('node:fs');
const { stripTypes } = require('../tools/strip-types.cjs');

require.extensions['.ts'] = (module, file) => {
  module._compile(stripTypes(readFileSync(file, 'utf8'), file), file);
};
