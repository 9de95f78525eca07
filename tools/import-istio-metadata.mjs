// Makes imports/istio-metadata.json, the annotations and labels that Istio documents, from the vendored YAML of
// istio.io/api in imports/metadata. `npm run import` runs it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yaml from 'js-yaml';

const importsDir = fileURLToPath(new URL('../imports/', import.meta.url));
const metadataDir = join(importsDir, 'metadata');
const sourceFile = join(metadataDir, 'source.json');

const readSource = () => JSON.parse(readFileSync(sourceFile, 'utf8'));
const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Replaces the vendored files with those of another istio.io/api version. */
function vendor(version) {
  const source = readSource();
  const download = JSON.parse(execFileSync('go', ['mod', 'download', '-json', `${source.module}@${version}`], { cwd: tmpdir(), encoding: 'utf8' }));
  const files = {};
  for (const path of Object.keys(source.files)) {
    const file = join(metadataDir, path);
    copyFileSync(join(download.Dir, path), file);
    chmodSync(file, 0o644);
    files[path] = sha256(file);
  }
  writeFileSync(sourceFile, `${JSON.stringify({ ...source, version: download.Version, moduleSum: download.Sum, files }, null, 2)}\n`);
}

function read(path) {
  const file = join(metadataDir, path);
  const expected = readSource().files[path];
  const actual = sha256(file);
  if (actual !== expected) {
    throw new Error(`${file}: its SHA-256 is ${actual}; expected ${expected}, as source.json says. Restore the file, or vendor a version anew with --model.`);
  }
  return yaml.load(readFileSync(file, 'utf8'));
}

/** One entry a key; false and the description are left out. */
function compact({ name, featureStatus, deprecated, hidden, resources }) {
  return {
    name,
    status: featureStatus ?? 'Alpha', // as istio.io/api's own generator reads its absence
    ...(deprecated ? { deprecated } : {}),
    ...(hidden ? { hidden } : {}),
    resources,
  };
}

/** Makes imports/istio-metadata.json again; with a version, first takes that version's files. */
export function importIstioMetadata(version) {
  if (version) vendor(version);
  const source = readSource();
  const annotations = read('annotation/annotations.yaml').annotations.map(compact);
  const labels = read('label/labels.yaml').labels.map(compact);
  writeFileSync(join(importsDir, 'istio-metadata.json'), `${JSON.stringify({ source: `${source.module}@${source.version}`, annotations, labels })}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) importIstioMetadata();
