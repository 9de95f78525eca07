// Draws docs/images/check.svg, the picture of README.md, of what the command prints.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);
require('../conformance/typescript.js');
const { PICTURE, pictureOfCheck } = require('../test/support/documents/picture-of-check.ts');
const { removeFolders } = require('../test/support/command/scratch.ts');

const picture = await pictureOfCheck();
removeFolders();
mkdirSync(dirname(PICTURE), { recursive: true });
writeFileSync(PICTURE, picture);
