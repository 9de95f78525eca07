import { ServiceEntryVisibility } from '../../../src/mesh/config/mesh-config';
import { calls, connections, deployment, injected, meshConfig, namespace, serviceEntry } from '../../support/meshes/mesh';

const NAMED = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } } };
const LABELLED = { namespaceSelector: { matchLabels: { team: 'one' } } };
const of = (written: object, labels?: Record<string, string>) => ServiceEntryVisibility.of({ applyToSidecars: true, ...written })?.ofNamespace('a', labels);

test('applies to sidecars only with applyToSidecars', () => {
  expect([true, false, undefined].map((applyToSidecars) => ServiceEntryVisibility.of({ applyToSidecars, defaultVisibility: 'NONE' })?.ofNamespace('a', {}))).toEqual(['NONE', undefined, undefined]);
  expect(ServiceEntryVisibility.of(undefined)).toBeUndefined();
});

test.each([
  [{}, 'PUBLIC'], [{ defaultVisibility: 'VISIBILITY_UNSPECIFIED' }, 'PUBLIC'], [{ defaultVisibility: 'NONE' }, 'NONE'], [{ default_visibility: 2 }, 'NAMESPACE'], [{ defaultVisibility: 3 }, 'PUBLIC'],
  [{ policies: [{ visibility: 'NONE' }] }, 'NONE'],
  [{ policies: [{ visibility: 'NONE', matchingRules: [{}] }, { visibility: 'NAMESPACE', matching_rules: [NAMED] }] }, 'NAMESPACE'],
  [{ policies: [{ visibility: 'NONE', matchingRules: [{ namespaceSelector: {} }] }] }, 'NONE'],
  [{ policies: [{ visibility: 'NONE', matchingRules: [NAMED, LABELLED] }], defaultVisibility: 'NAMESPACE' }, 'NAMESPACE'],
])('serviceEntryVisibility %j gives a namespace without labels the visibility %s', (written, expected) => {
  expect(of(written, { 'kubernetes.io/metadata.name': 'a' })).toBe(expected);
});

test('is unknown if it depends on unknown labels', () => {
  const policies = [{ visibility: 'NONE', matchingRules: [LABELLED] }];
  expect([of({ policies }), of({ policies }, { team: 'one' }), of({ policies: [{ visibility: 'NONE', matchingRules: [NAMED] }, ...policies] })]).toEqual([undefined, 'NONE', 'NONE']);
});

const entry = (exportTo?: string[]) => serviceEntry('b/out', { hosts: ['out.example.com'], resolution: 'DNS', exportTo, ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
const SIMPLE = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { namespace: 'istio-system', name: 'd' }, spec: { host: 'out.example.com', trafficPolicy: { tls: { mode: 'SIMPLE' } } } };
/** The TLS that clients in the entry's namespace and in another send: the rule's, if they see the entry. */
const seenBy = (visibility: object, exportTo?: string[]) => ['b', 'a'].map((client) =>
  calls([injected('a', 'b'), deployment('a/client'), deployment('b/client'), entry(exportTo), SIMPLE, meshConfig({ serviceEntryVisibility: visibility })], `${client}/client`, 'out.example.com')[0].split(' ')[3]);

test.each([
  [{ applyToSidecars: true, defaultVisibility: 'PUBLIC' }, undefined, ['SIMPLE', 'SIMPLE']],
  [{ applyToSidecars: true, defaultVisibility: 'NAMESPACE' }, undefined, ['SIMPLE', 'PLAINTEXT']],
  [{ applyToSidecars: true, defaultVisibility: 'NAMESPACE' }, ['.'], ['SIMPLE', 'PLAINTEXT']],
  [{ applyToSidecars: true, defaultVisibility: 'NAMESPACE' }, ['b', 'a'], ['SIMPLE', 'PLAINTEXT']],
  [{ applyToSidecars: true, defaultVisibility: 'NAMESPACE' }, ['a'], ['PLAINTEXT', 'PLAINTEXT']],
  [{ applyToSidecars: true, defaultVisibility: 'NONE' }, undefined, ['PLAINTEXT', 'PLAINTEXT']],
  [{ defaultVisibility: 'NONE' }, undefined, ['SIMPLE', 'SIMPLE']],
])('limits a ServiceEntry\'s own visibility: %j, exportTo %j', (visibility, exportTo, expected) => {
  expect(seenBy(visibility, exportTo)).toEqual(expected);
});

test('unknown visibility leaves calls undecided', () => {
  const policies = [{ visibility: 'NONE', matchingRules: [LABELLED] }];
  const objects = [namespace('a', { 'istio-injection': 'enabled' }), deployment('a/client'), entry(), meshConfig({ serviceEntryVisibility: { applyToSidecars: true, policies } })];
  expect(connections(objects).map(({ undecidedBecause }) => undecidedBecause)).toEqual(['unknown-discovery']);
});
