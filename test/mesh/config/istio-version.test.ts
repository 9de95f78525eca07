import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BEHAVIOURS, compatibilityFlags, ISTIO_MINOR, istioNotes, minorOf } from '../../../src/mesh/config/istio-version';
import { flagsIn } from '../../../src/mesh/config/istiod-flags';
import { readObject } from '../../../src/mesh/objects/mesh-object';
import { mesh } from '../../support/mesh';

const ROOT = join(__dirname, '..', '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test.each<[string, string | undefined]>([
  ['the mesh config\'s fields', JSON.parse(read('imports/mesh-config.json')).source.split('@')[1]],
  ['the CRDs\' schemas', JSON.parse(read('imports/schemas.json')).source.split('@')[1]],
  ['the API of the referee', /istio\.io\/api (v\S+)/.exec(read('conformance/go.mod'))?.[1]],
  ['the sidecars of the referee', /const version = "(.*)"/.exec(read('conformance/internal/istiod/proxy.go'))?.[1]],
])('%s are of the minor that is modelled', (_, version) => {
  expect(minorOf(version!)).toBe(ISTIO_MINOR);
});

test.each<[string, string | undefined]>([['1.31', '1.31'], ['v1.24.3', '1.24'], ['1.27.1-distroless', '1.27'], ['v1.26-latest', '1.26'], ['latest', undefined], ['1', undefined], ['1.x', undefined]])('%s is of minor %s', (version, minor) => {
  expect(minorOf(version)).toBe(minor);
});

test('a minor that is modelled, or isn\'t told, needs no words', () => {
  expect([istioNotes({}), istioNotes({ istioVersion: '1.31.2' }), istioNotes({ flags: { ENABLE_ENHANCED_DESTINATIONRULE_MERGE: 'true', OTHER: 'false' } })]).toEqual([[], [], []]);
});

test('of another minor the known differences are told', () => {
  const [note] = istioNotes({ istioVersion: 'v1.29.3' });
  expect(note).toBe('Istio 1.31 is modelled, and istiod is 1.29: there, of a host that several namespaces have, it takes the first visible one in the alphabet (docs/istio-versions.md)');
  const differences = (istioVersion: string) => istioNotes({ istioVersion })[0].split('; ').length;
  expect([differences('1.23'), differences('1.20'), differences('0.9')]).toEqual([4, 7, 7]);
  expect([istioNotes({ istioVersion: '1.30' }), istioNotes({ istioVersion: '2.0' })].map(([text]) => text.split(': ')[1]))
    .toEqual(Array(2).fill('no difference is known that changes what is told here (docs/istio-versions.md)'));
});

test.each(['false', '0', 'f', 'FALSE'])('a flag that is %s is told', (value) => {
  expect(istioNotes({ flags: { PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES: value } }))
    .toEqual(['istiod is told PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES=false, which isn\'t modelled: Services don\'t select WorkloadEntries']);
});

test('a compatibility version sets the flags that came later', () => {
  expect(compatibilityFlags('1.29')).toEqual({ PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false' });
  expect([compatibilityFlags(ISTIO_MINOR), Object.keys(compatibilityFlags('1.20')).length]).toEqual([{}, 4]);
});

describe('istiod\'s Deployment', () => {
  const istiod = (name: string, env: unknown) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'istio-system' }, spec: { template: { spec: { containers: [{ name: 'discovery', env }, { name: 'other', env: [{ name: 'B', value: 'x' }] }] } } } });

  test('tells its flags', () => {
    const env = [{ name: 'A', value: 'false' }, { name: 'FROM', valueFrom: {} }, { value: 'x' }];
    expect(flagsIn([istiod('istiod', env), istiod('istiod-1-31', [{ name: 'C', value: '1' }]), istiod('web', [{ name: 'D', value: '1' }])].map((object) => readObject(object)!))).toEqual({ A: 'false', C: '1' });
  });

  test('is heard by the mesh, and what is told comes first', () => {
    const env = [{ name: 'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES', value: 'false' }];
    expect(mesh([istiod('istiod', env)]).notes).toHaveLength(1);
    expect(mesh([istiod('istiod', env)], { flags: { PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES: 'true' }, istioVersion: '1.30' }).notes).toEqual([expect.stringMatching(/^Istio 1\.31 is modelled/)]);
  });
});

test('the page of versions tells each, and no other', () => {
  const page = read('docs/istio-versions.md');
  for (const { otherwise, flag, since } of BEHAVIOURS.filter((one) => one.since)) {
    const [major, minor] = since!.split('.').map(Number);
    expect(page).toContain(`| ${major}.${minor - 1} | ${otherwise}`);
    if (flag) expect(page).toContain(`\`${flag}\``);
  }
  expect(page.match(/^\| 1\.\d+ \|/gm)).toHaveLength(BEHAVIOURS.filter(({ since }) => since).length);
  expect(page).toContain(`**Istio ${ISTIO_MINOR}**`);
  expect(page).toContain(istioNotes({ istioVersion: '1.29' })[0]);
  expect(page).toContain(istioNotes({ flags: { ENABLE_ENHANCED_DESTINATIONRULE_MERGE: 'false' } })[0]);
});
