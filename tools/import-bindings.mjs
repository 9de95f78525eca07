// Makes imports/ from the vendored CRDs and .proto files, and from the CEL library in node_modules: the TypeScript
// bindings, the compact schemas, the types of specs, the facts about mesh config, and the library as TypeScript.
//
//   npm run import                     again from imports/crds, imports/protos and node_modules, byte for byte
//   npm run import -- --api v1.32.0    first takes the CRDs of that istio.io/api version, the newest one, and dates their fields
//                                      by those of earlier ones (needs Go)
//   npm run import -- --model v1.31.4  first takes mesh config, labels and annotations of that version, the modelled one (needs Go)
//   npm run import -- --cel 8.1.0      first pins and installs that version of the CEL library
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import yaml from 'js-yaml';
import { importCel } from './import-cel.mjs';
import { dateFields, importFieldMinors } from './import-field-minors.mjs';
import { importIstioMetadata } from './import-istio-metadata.mjs';
import { importMeshConfig } from './import-mesh-config.mjs';
import { importSpecTypes } from './import-spec-types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const importsDir = join(root, 'imports');
const sourceFile = join(importsDir, 'crds', 'source.json');
const crdsFile = join(importsDir, 'crds', 'customresourcedefinitions.gen.yaml');

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** Replaces the vendored CRDs with those of another istio.io/api version. */
function vendor(version) {
  const source = JSON.parse(readFileSync(sourceFile, 'utf8'));
  const download = JSON.parse(execFileSync('go', ['mod', 'download', '-json', `${source.module}@${version}`], { cwd: tmpdir(), encoding: 'utf8' }));
  copyFileSync(join(download.Dir, source.path), crdsFile);
  chmodSync(crdsFile, 0o644);
  const updated = { ...source, version: download.Version, moduleSum: download.Sum, sha256: sha256(readFileSync(crdsFile)) };
  writeFileSync(sourceFile, `${JSON.stringify(updated, null, 2)}\n`);
  importFieldMinors(updated);
}

function readCrds() {
  const text = readFileSync(crdsFile, 'utf8');
  const { sha256: expected } = JSON.parse(readFileSync(sourceFile, 'utf8'));
  if (sha256(text) !== expected) {
    throw new Error(`${crdsFile}: its SHA-256 is ${sha256(text)}; expected ${expected}, as source.json says. Restore the file, or vendor a version anew with --api.`);
  }
  return yaml.loadAll(text).filter(Boolean);
}

/** v1 where there is one, else the storage version: the one version that gets a binding. */
function boundVersion({ spec: { versions } }) {
  return versions.find((version) => version.name === 'v1') ?? versions.find((version) => version.storage);
}

/** One file of bindings for each API group. */
function writeBindings(crds) {
  for (const file of readdirSync(importsDir).filter((name) => name.endsWith('.istio.io.ts'))) rmSync(join(importsDir, file));
  const cdk8s = join(root, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');
  const temporary = mkdtempSync(join(tmpdir(), 'istio-crds-'));
  try {
    for (const group of new Set(crds.map((crd) => crd.spec.group))) {
      const documents = crds
        .filter((crd) => crd.spec.group === group)
        .map((crd) => ({ ...crd, spec: { ...crd.spec, versions: [boundVersion(crd)] } }));
      const file = join(temporary, `${group}.yaml`);
      writeFileSync(file, documents.map((document) => yaml.dump(document, { noRefs: true, lineWidth: -1 })).join('---\n'));
      execFileSync(process.execPath, [cdk8s, 'import', file, '--language', 'typescript', '--output', importsDir, '--check-upgrade', 'false', '--save', 'false'],
        { cwd: temporary, stdio: ['ignore', 'ignore', 'inherit'] });
      const bindings = join(importsDir, `${group}.ts`);
      writeFileSync(bindings, withEnumWords(readFileSync(bindings, 'utf8')));
    }
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/** Enum members by the API's words: `cdk8s import` writes ISTIO_UNDERSCORE_MUTUAL for ISTIO_MUTUAL. */
function withEnumWords(bindings) {
  return bindings.replace(/^  \w+(?= = "([A-Z][A-Z0-9_]*)",$)/gm, '  $1');
}

/** Everything of a schema but its descriptions; under `properties`, `description` is a field's name. */
function withoutDescriptions(node, underProperties = false) {
  if (Array.isArray(node)) return node.map((item) => withoutDescriptions(item));
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(Object.entries(node)
    .filter(([key]) => underProperties || key !== 'description')
    .map(([key, value]) => [key, withoutDescriptions(value, key === 'properties' && !underProperties)]));
}

/** One entry a kind, with the one schema that all its served versions share. */
function writeSchemas(crds) {
  const { module, version } = JSON.parse(readFileSync(sourceFile, 'utf8'));
  const kinds = crds.map(({ spec }) => {
    const versions = spec.versions.filter(({ served }) => served);
    const schemas = versions.map(({ schema }) => JSON.stringify(withoutDescriptions(schema.openAPIV3Schema)));
    if (new Set(schemas).size !== 1) {
      throw new Error(`${spec.names.kind}: its versions have different schemas; expected one for all, because schemas.json keeps one a kind. Fix: keep a schema a version.`);
    }
    const schema = JSON.parse(schemas[0]);
    dateFields(spec.names.kind, schema);
    return {
      group: spec.group,
      kind: spec.names.kind,
      plural: spec.names.plural,
      shortNames: spec.names.shortNames ?? [],
      scope: spec.scope,
      versions: versions.map(({ name }) => name),
      schema,
    };
  });
  writeFileSync(join(importsDir, 'schemas.json'), `${JSON.stringify({ source: `${module}@${version}`, kinds })}\n`);
  return kinds;
}

const { values } = parseArgs({ options: { api: { type: 'string' }, model: { type: 'string' }, cel: { type: 'string' } } });
if (values.api) vendor(values.api);
const crds = readCrds();
writeBindings(crds);
importSpecTypes(writeSchemas(crds));
importMeshConfig(values.model);
importIstioMetadata(values.model);
importCel(values.cel);
