// Makes imports/crds/field-minors.json: the first minor of Istio with each kind, field and value of a field that the CRDs of the
// oldest minor below lack.
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

/** The values of all fields of a kind that have an enum, such as `spec.resolution=DYNAMIC_DNS`. */
function* valuesOf({ properties = {}, items, additionalProperties, enum: words = [] }, place = '') {
  for (const word of words) yield `${place}=${word}`;
  for (const [name, schema] of Object.entries(properties)) yield* valuesOf(schema, place === '' ? name : `${place}.${name}`);
  if (items) yield* valuesOf(items, `${place}[]`);
  if (additionalProperties) yield* valuesOf(additionalProperties, `${place}.*`);
}

/** Of dated paths, those within the spec that are younger than the oldest minor, and than what they are a part of. */
function younger(first, partOf) {
  return Object.fromEntries([...first].map(([kind, dated]) => [kind, Object.fromEntries([...dated].filter(([place, minor]) =>
    place.startsWith('spec.') && minor !== `1.${OLDEST}` && partOf(kind, place) !== minor))]).filter(([, dated]) => Object.keys(dated).length > 0));
}

const schemaOf = ({ spec: { versions } }) => versions.find(({ served }) => served).schema.openAPIV3Schema;

/** Writes the file: fields of the spec and their values, without those inside a newer one. */
export function importFieldMinors({ module, version, path }) {
  const sources = [...releases(module, version), version];
  const [kinds, first, values] = [new Map(), new Map(), new Map()];
  const note = (dated, kind, places, source) => {
    if (!dated.has(kind)) dated.set(kind, new Map());
    for (const place of places) if (!dated.get(kind).has(place)) dated.get(kind).set(place, minorOf(source));
  };
  for (const source of sources) {
    for (const crd of crdsOf(module, source, path)) {
      const { names: { kind } } = crd.spec;
      if (!kinds.has(kind)) kinds.set(kind, minorOf(source));
      note(first, kind, fieldsOf(schemaOf(crd)), source);
      note(values, kind, valuesOf(schemaOf(crd)), source);
    }
  }
  const parentOf = (place) => place.slice(0, Math.max(place.lastIndexOf('.'), 0)).replace(/(\[\]|\.\*)+$/, '');
  const fieldOf = (place) => place.slice(0, place.indexOf('=')).replace(/(\[\]|\.\*)+$/, '');
  const dates = {
    sources: sources.map((source) => `${module}@${source}`),
    introduced: Object.fromEntries([...kinds].filter(([, minor]) => minor !== `1.${OLDEST}`)),
    kinds: younger(first, (kind, place) => first.get(kind).get(parentOf(place)) ?? kinds.get(kind)),
    values: younger(values, (kind, place) => first.get(kind).get(fieldOf(place))),
  };
  writeFileSync(file, `${JSON.stringify(dates, null, 2)}\n`);
}

/** Dates a kind's schema, its fields and their values, as far as they are younger than the oldest minor. */
export function dateFields(kind, schema) {
  const { introduced, kinds, values } = JSON.parse(readFileSync(file, 'utf8'));
  if (introduced[kind]) schema['x-istio-since'] = introduced[kind];
  const at = (field) => {
    const steps = field.replaceAll('[]', '.[]').split('.');
    const found = steps.reduce((node, step) => (step === '[]' ? node?.items : step === '*' ? node?.additionalProperties : node?.properties?.[step]), schema);
    if (!found) throw new Error(`${file}: ${kind} has no ${field}. Fix: vendor the CRDs anew with --api.`);
    return found;
  };
  for (const [field, minor] of Object.entries(kinds[kind] ?? {})) at(field)['x-istio-since'] = minor;
  for (const [place, minor] of Object.entries(values[kind] ?? {})) {
    const [field, word] = place.split('=');
    const found = at(field);
    found['x-istio-values-since'] = { ...found['x-istio-values-since'], [word]: minor };
  }
}
