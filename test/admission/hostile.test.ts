import { admit } from '../../src/admission/admission';
import { ISTIO_CRDS } from '../../src/admission/crds';
import { findingMessage } from '../../src/findings/finding';
import { processorSeconds } from '../support/command/processor-time';
import { casesOf } from '../support/random/cases';
import { fc } from '../support/random/fast-check';

const { seed, count } = casesOf('hostile');

/** An object of one of Istio's kinds with arbitrary parts. */
const anyOfKind = fc.record({
  apiVersion: fc.constantFrom(...ISTIO_CRDS.map(({ group, versions }) => `${group}/${versions[0]}`)),
  kind: fc.constantFrom(...ISTIO_CRDS.map(({ kind }) => kind)),
  metadata: fc.oneof(fc.anything(), fc.record({ name: fc.constant('x'), labels: fc.anything(), annotations: fc.anything() })),
  spec: fc.anything(),
});

/** Field names of the CRDs with values of any type: what passes unknown-field checks and must not trip the rest. */
const schemas = JSON.stringify(ISTIO_CRDS.map(({ schema }) => schema));
const fieldNames = [...new Set([...schemas.matchAll(/"([a-zA-Z]+)":\{"(?:type|x-|properties|format)/g)].map(([, name]) => name))];
const values = fc.constantFrom<unknown>('STRICT', 'a', '*', '', '1s', '80', 0, -1, 80, 1.5, true, null);
const plausible = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    values,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...fieldNames), tie('value'), { maxKeys: 4 }),
  ),
}));

function expectSurvival(object: unknown): void {
  for (const objection of admit(object)) {
    expect(findingMessage(object, objection).length).toBeLessThan(20_000);
  }
}

test('random values are checked without an exception', () => {
  fc.assert(fc.property(fc.oneof(fc.anything(), anyOfKind), expectSurvival), { seed, numRuns: count(1000) });
});

test('objects with fields in the wrong places and values of any type are checked without an exception', () => {
  const spec = fc.dictionary(fc.constantFrom(...fieldNames), plausible.value, { maxKeys: 6 });
  const object = fc.record({ kind: fc.constantFrom(...ISTIO_CRDS), spec })
    .map(({ kind: { group, kind, versions }, ...rest }) => ({ apiVersion: `${group}/${versions[0]}`, kind, metadata: { name: 'x' }, ...rest }));
  fc.assert(fc.property(object, expectSurvival), { seed, numRuns: count(1500) });
});

test('objects of other groups with random values at Istio\'s keys are checked without an exception', () => {
  const names = fc.constantFrom('istio.io/rev', 'sidecar.istio.io/inject', 'traffic.sidecar.istio.io/excludeInboundPorts', 'x.istio.io/y');
  const keys = fc.dictionary(names, fc.anything());
  const metadata = fc.record({
    name: fc.constantFrom<unknown>('istio', 'cacerts', 5, null),
    namespace: fc.constantFrom<unknown>('istio-system', undefined, 5),
    labels: keys,
    annotations: keys,
  });
  const object = fc.record({
    apiVersion: fc.constantFrom('v1', 'apps/v1', 'batch/v1'),
    kind: fc.constantFrom('ConfigMap', 'Secret', 'Deployment', 'CronJob', 'Namespace', 'Service', 'Pod'),
    metadata: fc.oneof(metadata, fc.anything()),
    data: fc.oneof(fc.record({ 'mesh': fc.oneof(fc.string(), fc.anything()), 'tls.crt': fc.anything(), 'ca-key.pem': fc.string() }), fc.anything()),
    spec: fc.oneof(fc.record({ template: fc.record({ metadata, spec: fc.anything() }) }), fc.anything()),
  });
  fc.assert(fc.property(object, expectSurvival), { seed, numRuns: count(1000) });
});

test('an object that contains itself is rejected', () => {
  const spec: any = { mtls: {} };
  spec.mtls.mode = spec;
  expect(() => expectSurvival({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'x' }, spec })).not.toThrow();
});

test('a string of ten million characters is checked quickly', () => {
  const object = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'x' }, spec: { host: `${'a.'.repeat(5_000_000)}`, subsets: 'x'.repeat(10_000_000) } };
  expect(processorSeconds(() => expectSurvival(object))).toBeLessThan(5);
});
