// npm run explore: what is explored is what the sources say, so they are compiled anew.
require('../conformance/compile.js').compile('explore');
require('./index.js');
