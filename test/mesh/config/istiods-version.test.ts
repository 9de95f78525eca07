import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NEWEST_MINOR } from '../../../src/admission/crds';
import { isBefore, ISTIO_MINOR, minorOf } from '../../../src/manifests/istio-minor';

const ROOT = join(__dirname, '..', '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test.each<[string, string | undefined]>([
  ['the mesh config\'s fields', JSON.parse(read('imports/mesh-config.json')).source.split('@')[1]],
  ['labels and annotations', JSON.parse(read('imports/istio-metadata.json')).source.split('@')[1]],
  ['the API of the referee', /istio\.io\/api (v\S+)/.exec(read('conformance/go.mod'))?.[1]],
  ['the sidecars of the referee', /const version = "(.*)"/.exec(read('conformance/internal/istiod/proxy.go'))?.[1]],
])('%s are of the minor that is modelled', (_, version) => {
  expect(minorOf(version!)).toBe(ISTIO_MINOR);
});

// The CRDs are the newest known, so that no fix removes fields of a later Istio than the modelled one.
test('the CRDs are of the modelled minor or a later one, and date the fields that it lacks', () => {
  expect(isBefore(NEWEST_MINOR, ISTIO_MINOR)).toBe(false);
  const { sources } = JSON.parse(read('imports/crds/field-minors.json')) as { sources: string[] };
  expect(sources.map((source) => minorOf(source.split('@')[1]))).toEqual(['1.24', '1.25', '1.26', '1.27', '1.28', '1.29', '1.30', '1.31', NEWEST_MINOR]);
  expect(sources.at(-1)).toBe(JSON.parse(read('imports/schemas.json')).source);
});

test.each<[string, string | undefined]>([['1.31', '1.31'], ['v1.24.3', '1.24'], ['1.27.1-distroless', '1.27'], ['v1.26-latest', '1.26'], ['latest', undefined], ['1', undefined], ['1.x', undefined]])('%s is of minor %s', (version, minor) => {
  expect(minorOf(version)).toBe(minor);
});

test.each<[string, string, boolean]>([['1.9', '1.10', true], ['1.31', '1.31', false], ['1.31', '1.30', false], ['0.99', '1.0', true], ['2.0', '1.31', false]])('%s is before %s: %s', (minor, other, expected) => {
  expect(isBefore(minor, other)).toBe(expected);
});
