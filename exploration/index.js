// node exploration: explores with the library as it is compiled. `npm run explore` compiles it before.
require('../conformance/typescript.js');
require('./explore.ts');
