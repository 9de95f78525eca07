// Writes imports/istiod-flags.json anew, by the code of the istiod that is the referee: node conformance/istiod-flags.mjs
import { writeFileSync } from 'node:fs';
import { FLAGS_FILE, flagsText } from './connections/flags.mjs';
import { main } from './node/main.mjs';

await main(() => writeFileSync(FLAGS_FILE, flagsText()));
