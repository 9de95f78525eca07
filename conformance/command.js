// npm run conformance: runs in a fresh clone, so it uses nothing but Node until everything is installed and compiled.
// What is judged is always what the sources say, so they are compiled anew.
require('./compile.js').compile('conformance');
require('./typescript.js');
require('./run.ts');
