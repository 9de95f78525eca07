// Lets this process load the suite's TypeScript as it is: each file is compiled when it is loaded, and nothing is written.
// Types are checked by `npx projen typecheck`. What is judged is the library as it is compiled in lib/: library.ts.
const { readFileSync } = require('node:fs');
const ts = require('typescript');

const compilerOptions = {
  module: ts.ModuleKind.Node20, target: ts.ScriptTarget.ES2022, esModuleInterop: true, inlineSourceMap: true, inlineSources: true,
};

process.setSourceMapsEnabled(true);
require.extensions['.ts'] = (module, file) => {
  module._compile(ts.transpileModule(readFileSync(file, 'utf8'), { fileName: file, compilerOptions }).outputText, file);
};
