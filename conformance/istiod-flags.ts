// Writes imports/istiod-flags.json anew, by the code of the istiod that is the referee: node conformance istiod-flags
import { writeFileSync } from 'node:fs';
import { FLAGS_FILE, flagsText } from './connections/flags';
import { main } from './node/main';

void main(() => writeFileSync(FLAGS_FILE, flagsText()));
