// Makes imports/crds/field-minors.json: the first minor of Istio with each field that the CRDs of the oldest minor below lack.
// `npm run import -- --api` runs it, since it needs the Go module proxy; imports/schemas.json is made of it without.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yaml from 'js-yaml';

const file = join(fileURLToPath(new URL('..', import.meta.url)), 'imports', 'crds', 'field-minors.json');

/** The fields of the minors before are known to all that anybody runs. */
const OLDEST = 24;

const minorOf = (version) => /^v(\d+\.\d+)\./.exec(version)[1];

const go = (...args) => execFileSync('go', args, { cwd: tmpdir(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** The folder of a version; undefined if the proxy doesn't serve it. */
function downloaded(module, version) {
  try {
    return JSON.parse(go('mod', 'download', '-json', `${module}@${version}`)).Dir;
  } catch {
    return undefined;
  }
}

/** The first release of each minor that the proxy serves, before the vendored one. The proxy doesn't list all that it serves. */
function releases(module, newest) {
  const listed = go('list', '-m', '-versions', module).trim().split(' ').slice(1);
  const last = Number(minorOf(newest).split('.')[1]);
  return Array.from({ length: last - OLDEST }, (_, index) => {
    const minor = `1.${OLDEST + index}`;
    const candidates = [`v${minor}.0`, ...listed.filter((version) => minorOf(version) === minor && !version.includes('-'))];
    const first = candidates.find((version) => downloaded(module, version));
    if (!first) throw new Error(`${module} has no release of ${minor}; expected one, because its fields date those of later minors.`);
    return first;
  });
}

function crdsOf(module, version, path) {
  return yaml.loadAll(readFileSync(join(downloaded(module, version), path), 'utf8')).filter(Boolean);
}

/** The paths of all fields of a kind, such as `spec.jwtRules[].presence`; those of an absent parent follow it. */
function* fieldsOf({ properties = {}, items, additionalProperties }, place = '') {
  for (const [name, schema] of Object.entries(properties)) {
    const path = place === '' ? name : `${place}.${name}`;
    yield path;
    yield* fieldsOf(schema, path);
  }
  if (items) yield* fieldsOf(items, `${place}[]`);
  if (additionalProperties) yield* fieldsOf(additionalProperties, `${place}.*`);
}

const schemaOf = ({ spec: { versions } }) => versions.find(({ served }) => served).schema.openAPIV3Schema;

/** Writes the file: fields of the spec, without those inside a newer one. */
export function importFieldMinors({ module, version, path }) {
  const sources = [...releases(module, version), version];
  const first = new Map();
  for (const source of sources) {
    for (const crd of crdsOf(module, source, path)) {
      const { names: { kind } } = crd.spec;
      if (!first.has(kind)) first.set(kind, new Map());
      for (const field of fieldsOf(schemaOf(crd))) if (!first.get(kind).has(field)) first.get(kind).set(field, minorOf(source));
    }
  }
  const kinds = Object.fromEntries([...first].map(([kind, fields]) => [kind, Object.fromEntries([...fields].filter(([field, minor]) => {
    const parent = field.slice(0, Math.max(field.lastIndexOf('.'), 0)).replace(/(\[\]|\.\*)+$/, '');
    return field.startsWith('spec.') && minor !== `1.${OLDEST}` && fields.get(parent) !== minor;
  }))]).filter(([, fields]) => Object.keys(fields).length > 0));
  writeFileSync(file, `${JSON.stringify({ sources: sources.map((source) => `${module}@${source}`), kinds }, null, 2)}\n`);
}

/** Dates the fields of a kind's schema, as far as they are younger than the oldest minor. */
export function dateFields(kind, schema) {
  const { kinds } = JSON.parse(readFileSync(file, 'utf8'));
  for (const [field, minor] of Object.entries(kinds[kind] ?? {})) {
    const steps = field.replaceAll('[]', '.[]').split('.');
    const found = steps.reduce((at, step) => (step === '[]' ? at?.items : step === '*' ? at?.additionalProperties : at?.properties?.[step]), schema);
    if (!found) throw new Error(`${file}: ${kind} has no ${field}. Fix: vendor the CRDs anew with --api.`);
    found['x-istio-since'] = minor;
  }
}
