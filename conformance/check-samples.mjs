// No false refusals: every manifest that Istio ships under samples/ and pkg/test/datasets/validation/dataset must be
// admitted. They are read from the Go module cache, never copied. Needs Go, and a compiled lib/.
import { readFileSync, readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CONFORMANCE = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** Folders that hold manifests, or parts of Helm charts, which are none until they are rendered. */
const FOLDERS = ['samples', join('pkg', 'test', 'datasets', 'validation', 'dataset')];

function istioModule() {
  const { error, status, stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', 'istio.io/istio'], { cwd: CONFORMANCE, encoding: 'utf8' });
  if (error || status !== 0) {
    console.error(`check-samples: Go gives no istio.io/istio (${error?.message ?? stderr.trim()}); expected the module that conformance/go.mod names. Fix: install Go.`);
    process.exit(2);
  }
  return JSON.parse(stdout);
}

function manifestsUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const { admit } = require('../lib/src/admission/admission.js');
const { objectionMessage } = require('../lib/src/admission/objection-message.js');
const { readManifests } = require('../lib/src/manifests/manifests.js');
const { Dir, Version } = istioModule();
const counts = { admitted: 0, refused: 0, unrendered: 0 };
for (const file of FOLDERS.flatMap((folder) => manifestsUnder(join(Dir, folder)))) {
  const { documents, problems } = readManifests(readFileSync(file, 'utf8'), file.slice(Dir.length + 1));
  counts.unrendered += problems.length;
  for (const { object, file: name } of documents) {
    if (typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') continue; // a chart's values
    const errors = admit(object).filter(({ severity }) => severity === 'error');
    counts[errors.length > 0 ? 'refused' : 'admitted'] += 1;
    for (const error of errors) console.log(`refused: ${objectionMessage(object, error, name)}`);
  }
}
console.log(`Istio ${Version}: ${counts.admitted} sample objects admitted, ${counts.refused} refused, ${counts.unrendered} documents are templates or no manifests.`);
process.exit(counts.refused > 0 || counts.admitted === 0 ? 1 : 0);
