import { generateKeyPairSync } from 'node:crypto';
import { isJudged, notJudgedIn } from '../../src/changes/not-judged';
import { ReportedObjects } from '../../src/changes/object-changes';
import { UNJUDGED } from '../../src/mesh/compare/diff';
import { ComparedObject } from '../../src/mesh/compare/object-changes';
import { readObject } from '../../src/mesh/inventory/object';
import { mesh } from '../support/meshes/mesh';

const STATES = { before: mesh([]), after: mesh([]), objects: [], unjudged: [] };

test('a kind that holds a private key in groups is counted without printing it', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'der' }, publicKeyEncoding: { type: 'spki', format: 'der' } });
  const key = privateKey.toString('base64').match(/.{1,11}/g)!;
  const after = readObject({ apiVersion: 'apps/v1', kind: key.join(' '), metadata: { name: 'a' } })!;
  const { unjudgedKinds } = notJudgedIn({ ...STATES, unread: [{ after }] }, {} as ReportedObjects);
  expect(Object.values(unjudgedKinds)).toEqual([1]);
  expect(key.filter((group) => group.length === 11 && JSON.stringify(unjudgedKinds).includes(group)).length).toBeLessThan(3);
});

test('kinds that aren\'t read are counted with their group, apart from those that decide nothing', () => {
  const unread = [
    ['serving.knative.dev/v1', 'Service'], ['cilium.io/v2', 'CiliumNetworkPolicy'], ['policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy'],
    ['rbac.authorization.k8s.io/v1', 'Role'], ['example.org/v1', 'Role'], ['v1', 'PersistentVolumeClaim'],
  ].map(([apiVersion, kind]) => ({ after: readObject({ apiVersion, kind, metadata: { name: 'a', namespace: 'b' } })! }));
  const found = notJudgedIn({ ...STATES, unread }, new ReportedObjects());
  expect(found).toEqual({
    unjudged: [],
    unjudgedKinds: {
      'AdminNetworkPolicy.policy.networking.k8s.io': 1, 'CiliumNetworkPolicy.cilium.io': 1, 'Role.example.org': 1, 'Service.serving.knative.dev': 1,
    },
    unread: { PersistentVolumeClaim: 1, Role: 1 },
  });
});

test('a webhook that may change pods isn\'t judged, and an injector\'s is', () => {
  const webhook = (name: string, apiGroup: string) => ({
    after: readObject({
      apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', metadata: { name }, webhooks: [{ rules: [{ apiGroups: [apiGroup] }] }],
    })!,
  });
  const reasons = (change: ComparedObject) =>
    notJudgedIn({ ...STATES, objects: [change], unread: [] }, new ReportedObjects()).unjudged.map(({ why }) => why);
  const found = [webhook('vault', ''), webhook('cert-manager', 'cert-manager.io'), webhook('istio-sidecar-injector', '')]
    .map((change) => [isJudged(change, STATES), reasons(change)]);
  expect(found).toEqual([[false, ['what it changes in other objects isn\'t checked']], [true, []], [true, []]]);
});

describe('faults of a VirtualService', () => {
  const ABORT = { abort: { httpStatus: 500, percentage: { value: 100 } } };
  const route = (rule: object, host = 'db', spec: object = {}) => readObject({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { hosts: ['db'], ...spec, http: [{ ...rule, route: [{ destination: { host } }] }] },
  })!;
  const whys = (before?: ReturnType<typeof route>, after?: ReturnType<typeof route>) => (
    notJudgedIn({ ...STATES, objects: [{ before, after }], unread: [] }, new ReportedObjects()).unjudged.map(({ why }) => why));
  const FAULTS = ['whether requests are aborted or delayed isn\'t checked'];

  test.each([
    ['added', route({}), route({ fault: ABORT })],
    ['changed', route({ fault: ABORT }), route({ fault: { delay: { fixedDelay: '5s' } } })],
    ['removed', route({ fault: ABORT }), route({})],
    ['added with the object', undefined, route({ fault: ABORT })],
    ['removed with the object', route({ fault: ABORT }), undefined],
    ['of other requests', route({ fault: ABORT, match: [{ uri: { exact: '/a' } }] }), route({ fault: ABORT })],
    ['for other hosts', route({ fault: ABORT }), route({ fault: ABORT }, 'db', { hosts: ['*.shop.svc.cluster.local'] })],
  ])('aren\'t judged where they are %s', (_, before, after) => {
    expect(whys(before, after)).toEqual(FAULTS);
    expect(isJudged({ before, after }, STATES)).toBe(false);
  });

  test('don\'t matter where they stay as they are, or are none', () => {
    expect([whys(route({ fault: ABORT }), route({ fault: ABORT }, 'other')), whys(route({}), route({ retries: {} }))]).toEqual([[], []]);
  });
});

describe('routes of gateways', () => {
  const OUTSIDE = 'calls from outside the mesh aren\'t checked';
  const service = (spec: object, labels = {}) => readObject({
    apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'api', namespace: 'shop', labels }, spec: { hosts: ['a.example.com'], ...spec },
  })!;
  const route = (parent: object) => readObject({
    apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'api', namespace: 'shop' }, spec: { parentRefs: [parent] },
  })!;
  const ingress = readObject({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'api', namespace: 'shop' } })!;
  const whys = (change: ComparedObject) => (
    notJudgedIn({ ...STATES, objects: [change], unread: [] }, new ReportedObjects()).unjudged.map(({ why }) => why));

  test.each([
    ['an added VirtualService', { after: service({ gateways: ['edge'] }) }],
    ['one for sidecars, too', { before: service({ gateways: ['edge', 'mesh'] }), after: service({ gateways: ['edge', 'mesh'], http: [{}] }) }],
    ['one that leaves its gateway', { before: service({ gateways: ['edge'] }), after: service({}) }],
    ['a removed HTTPRoute', { before: route({ name: 'edge' }) }],
  ])('aren\'t judged: %s', (_, change) => {
    expect(whys(change)).toEqual([OUTSIDE]);
    expect(isJudged(change, STATES)).toBe(false);
  });

  test('are told beside faults', () => {
    const fault = { delay: { fixedDelay: '5s' } };
    expect(whys({ after: service({ gateways: ['edge'], http: [{ fault }] }) })).toEqual([`whether requests are aborted or delayed isn't checked; ${OUTSIDE}`]);
  });

  test('don\'t matter for sidecars alone, for a Service as parent, or where only labels change', () => {
    const changes = [
      { after: service({}) }, { after: service({ gateways: ['mesh'] }) }, { after: route({ group: '', kind: 'Service', name: 'api' }) },
      { before: service({ gateways: ['edge'] }), after: service({ gateways: ['edge'] }, { team: 'a' }) },
    ];
    expect(changes.map(whys)).toEqual([[], [], [], []]);
  });

  test('an Ingress isn\'t judged', () => {
    const change = { after: ingress };
    expect(notJudgedIn({ ...STATES, objects: [], unjudged: [change], unread: [] }, new ReportedObjects()).unjudged).toMatchObject([{ why: OUTSIDE }]);
    expect(UNJUDGED.has(ingress)).toBe(true);
  });
});
