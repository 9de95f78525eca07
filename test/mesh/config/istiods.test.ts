import { ControlPlaneFacts, meshConfigMap } from '../../../src/mesh/config/control-plane-facts';
import { Istiods, selectingBy } from '../../../src/mesh/config/istiods';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { deployment, virtualService } from '../../support/meshes/mesh';

/** Behaviours of istiod since 1.31 that no flag controls. */
const SINCE_31 = ['fallBackToRule', 'excludeHosts', 'exportToNamed'];

const MERGE = 'ENABLE_ENHANCED_DESTINATIONRULE_MERGE';
const BEST = 'PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE';
const HEADLESS = 'PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES';
const container = (env: object[] = [], image = 'docker.io/istio/pilot:latest') => ({ name: 'discovery', image, env });
const istiod = (path: string, ...containers: object[]) => deployment(path, { spec: { containers } });
const istiods = (facts: ControlPlaneFacts, ...objects: object[]) => Istiods.of(Inventory.of(objects), facts);
const changes = (facts: ControlPlaneFacts, objects: object[] = [], revision = 'default') => [...istiods(facts, ...objects).of(revision).changes.keys()];
const declared = (revision: string, more: object) => ({ manifest: meshConfigMap({}, { namespace: 'istio-system', revision }), saidBy: 'f.yaml', ...more });

test('settings that equal the defaults change nothing', () => {
  expect(istiods({}).of('default')).toEqual({ deployment: { cluster: 'Kubernetes', group: 'apps', kind: 'Deployment', namespace: 'istio-system', name: 'istiod' }, changes: new Map(), unknown: undefined, alpn: { exchange: true, http: true } });
  expect([changes({ istioVersion: '1.31.2', istiodEnv: { [MERGE]: 'true', OTHER: 'x' } }), istiods({ istioVersion: '1.31' }).notes]).toEqual([[], []]);
});

test.each([
  ['PILOT_DISABLE_MX_ALPN', 'true', { exchange: false, http: true }],
  ['PILOT_ENABLE_METADATA_EXCHANGE', 'false', { exchange: false, http: true }],
  ['PILOT_ENABLE_ALPN_FILTER', 'false', { exchange: true, http: false }],
  ['PILOT_ENABLE_ALPN_FILTER', 'yes', { exchange: true, http: true }],
])('the ALPN that clients offer with %s=%s', (flag, value, alpn) => {
  expect(istiods({ istiodEnv: { [flag]: value } }).of('default')).toMatchObject({ changes: new Map(), alpn });
});

test('a flag given by an option is attributed to istiod\'s Deployment', () => {
  const { deployment: object, changes: found } = istiods({ istiodNamespace: 'mesh', istiodEnv: { [MERGE]: 'false' } }).of('canary');
  expect([object.namespace, object.name, [...found]]).toEqual(['mesh', 'istiod-canary', [['mergeByExportTo', {
    flag: MERGE, field: `spec.template.spec.containers[discovery].env[${MERGE}]`, effect: 'is "false": it merges DestinationRules for the same host regardless of exportTo',
  }]]]);
});

describe('istiod\'s Deployment', () => {
  test('sets flags in its container, which override options', () => {
    const env = [{ name: MERGE, value: 'false' }, { name: HEADLESS, valueFrom: {} }, { value: 'x' }];
    const objects = [istiod('istio-system/istiod', container(env), { name: 'other', env: [{ name: HEADLESS, value: 'true' }] }), istiod('istio-system/web', container([{ name: HEADLESS, value: 'true' }]))];
    expect(changes({ istiodEnv: { [MERGE]: 'true' } }, objects)).toEqual(['mergeByExportTo']);
    expect(changes({ istiodEnv: { [HEADLESS]: 'true' } }, objects)).toEqual(['mergeByExportTo', 'listHeadless']);
  });

  test.each<[string, object, string | undefined]>([
    ['a variable from a reference', { env: [{ name: MERGE, valueFrom: {} }] }, MERGE],
    ['a variable from a reference, which changes no outcome', { env: [{ name: 'PILOT_UNIFIED_SIDECAR_SCOPE', valueFrom: {} }] }, undefined],
    ['a variable from a reference, which istiod doesn\'t decide by', { env: [{ name: 'POD_NAME', valueFrom: {} }] }, undefined],
    ['a variable without a value', { env: [{ name: MERGE }] }, undefined],
    ['all variables from a reference', { envFrom: [{ configMapRef: { name: 'x' } }] }, BEST],
    ['variables from a reference, of which some have values', { env: [{ name: BEST, value: 'true' }], envFrom: [{}] }, MERGE],
  ])('is of unknown behaviour only with flags that change outcomes: %s', (_, env, flag) => {
    const objects = [istiod('istio-system/istiod', { name: 'discovery', ...env })];
    const found = istiods({}, ...objects);
    expect([found.of('default').unknown?.flag, found.of('default').changes.size, found.notes.length]).toEqual([flag, 0, flag ? 1 : 0]);
    expect(istiods({ istiodEnv: { [flag ?? '']: 'true' } }, ...objects).of('default').unknown?.flag).not.toBe(flag ?? 'x');
  });

  test.each([['istio/pilot:1.29.1', 4], ['istio/pilot:1.29.1@sha256:00', 4], ['istio/pilot:1.30.3', 2], ['host:5000/pilot', 0], ['istio/pilot:latest', 0], ['istio/pilot:1.31.0', 0]])('has with image %s as many differences as its minor: %i', (image, count) => {
    expect(changes({}, [istiod('istio-system/istiod', container([], image))])).toHaveLength(count);
  });

  test('has an image tag whose version overrides the option', () => {
    expect(changes({ istioVersion: '1.29' }, [istiod('istio-system/istiod', container([], 'pilot:1.31.0'))])).toEqual([]);
    expect(changes({ istioVersion: '1.29' }, [istiod('istio-system/istiod', container())])).toEqual([...SINCE_31, 'pickBestService']);
  });

  test('is found in the istiodNamespace of the options', () => {
    const objects = [istiod('istio-system/istiod', container([{ name: MERGE, value: 'false' }]))];
    expect([changes({ istiodNamespace: 'mesh' }, objects), changes({ istiodNamespace: 'istio-system' }, objects)]).toEqual([[], ['mergeByExportTo']]);
  });

  test('is of its revision, by its label or its name', () => {
    const labelled = { ...istiod('istio-system/istiod-x', container([{ name: MERGE, value: 'false' }])) };
    labelled.metadata = { ...labelled.metadata, labels: { 'istio.io/rev': 'a' } };
    const objects = [labelled, istiod('istio-system/istiod-b', container([{ name: HEADLESS, value: 'true' }])), istiod('istio-system/istiod', container())];
    expect(['a', 'b', 'default', 'c'].map((revision) => changes({}, objects, revision))).toEqual([['mergeByExportTo'], ['listHeadless'], [], []]);
    expect(changes({}, [objects[1]], 'c')).toEqual(['listHeadless']);
  });
});

test('files describe one revision each, and explicit options come first', () => {
  const meshConfigs = [declared('a', { env: { [MERGE]: 'false' } }), declared('b', { version: '1.29' }), declared('default', {}), declared('a', { env: { [HEADLESS]: 'true' } })];
  expect(['a', 'b', 'default'].map((revision) => changes({ meshConfigs }, [], revision))).toEqual([['mergeByExportTo'], [...SINCE_31, 'pickBestService'], []]);
  expect(changes({ meshConfigs, istiodEnv: { [MERGE]: 'true' } }, [], 'a')).toEqual([]);
  expect(changes({ meshConfigs, istioVersion: '1.31' }, [], 'b')).toEqual([]);
});

test('an explicit flag overrides the default of an earlier minor', () => {
  expect(changes({ istioVersion: '1.29', istiodEnv: { PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'true' } })).toEqual(SINCE_31);
  expect(istiods({ istioVersion: '1.29' }).of('default').changes.get('pickBestService')).toMatchObject({ field: 'spec.template.spec.containers[discovery].image', effect: expect.stringMatching(/^is 1\.29: for a host/) });
});

test.each<[string, string | undefined, boolean]>([
  ['*.istio.io', undefined, true], ['virtualservices.networking.istio.io', undefined, true], ['*.k8s.io, virtualservices.networking.istio.io', undefined, true],
  ['sidecars.networking.istio.io', undefined, false], ['*.istio.io', '*.networking.istio.io', true], ['*.istio.io', '*.istio.io', false], ['authorizationpolicies.security.istio.io', undefined, true], ['*.istio.io', 'virtualservices.networking.istio.io', true],
])('resources %s are ignored and %s included: objects are omitted: %s', (ignored, included, expected) => {
  const policy = { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'p', namespace: 'a' }, spec: {} };
  const istiodEnv = { PILOT_IGNORE_RESOURCES: ignored, ...included && { PILOT_INCLUDE_RESOURCES: included } };
  expect(changes({ istiodEnv }, [virtualService('a/v', {}), policy])).toEqual(expected ? ['ignoreKinds'] : []);
});

test('istiods with the same behaviour share one object', () => {
  const found = istiods({ istiodNamespace: 'x' }, istiod('x/istiod-a', container()), istiod('x/istiod-b', container()), istiod('x/istiod-c', container([{ name: MERGE, value: 'f' }])));
  expect([found.of('a') === found.of('b'), found.of('a') === found.of('c')]).toEqual([true, false]);
  expect([selectingBy(istiods({}).of('a')), selectingBy(istiods({ istiodEnv: { PILOT_ENABLE_SERVICEENTRY_SELECT_PODS: '0' } }).of('a'))])
    .toEqual([{ selectMachines: true, selectPods: true }, { selectMachines: true, selectPods: false }]);
});

test('notes list other minors and flags that leave calls undecided, each once', () => {
  const env = [{ name: HEADLESS, value: 'true' }, { name: MERGE, value: 'false' }];
  const { notes } = istiods({}, istiod('istio-system/istiod', container(env, 'pilot:1.29.0')), istiod('istio-system/istiod-b', container(env, 'pilot:1.29.4')), istiod('istio-system/istiod-c', container([], 'pilot:1.31.0')));
  expect(notes).toEqual([
    expect.stringMatching(/^This version decides as Istio 1\.31, and istiod is 1\.29: there, /),
    `istiod's ${HEADLESS} is "true": calls to a headless Service may end at any of its pods; calls that this may affect are undecided`,
  ]);
  expect(istiods({ istioVersion: '1.30', istiodEnv: { [HEADLESS]: 'true' } }).notes).toHaveLength(2);
});
