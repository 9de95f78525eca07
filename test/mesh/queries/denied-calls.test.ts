import { denyingPolicies } from '../../../src/mesh/queries/denied-calls';
import { authorizationPolicy, deployment, injected, mesh, service } from '../../support/meshes/mesh';

const DRY_RUN = { annotations: { 'istio.io/dry-run': 'true' } };
const OFF = { labels: { 'app': 'cart', 'sidecar.istio.io/inject': 'false' } };
const allow = (name: string, sa: string, to: object[] = []) => ({
  name, spec: { selector: { matchLabels: { app: 'cart' } }, rules: [{ from: [{ source: { principals: [`cluster.local/ns/shop/sa/${sa}`] } }], ...to.length > 0 && { to } }] },
});
const GET = [{ operation: { methods: ['GET'] } }];
const NOBODY = { name: 'nobody', spec: {} };
const DENY = { name: 'deny', spec: { action: 'DENY', rules: [{ from: [{ source: { namespaces: ['shop'] } }] }] } };
const TARGETED = { name: 'gateway', spec: { targetRefs: [{ kind: 'Gateway', name: 'edge' }], rules: [] } };

interface Given {
  readonly policies: readonly { readonly name: string; readonly spec: object }[];
  readonly dryRun?: string[];
  readonly client?: object;
  readonly server?: object;
  readonly namespace?: string;
}

/** The policies that deny calls of shop/web to port 80 of shop/cart, with the dry runs that count as enforced. */
function denying({ policies, dryRun = [], client = { spec: { serviceAccountName: 'web' } }, server, namespace = 'shop' }: Given, enforced: string[] = []): string[] {
  const built = mesh([
    ...injected('shop'), deployment('shop/web', client), deployment('shop/cart', server), service('shop/cart', ['http:80']),
    ...policies.map(({ name, spec }) => authorizationPolicy(`${namespace}/${name}`, spec, dryRun.includes(name) ? DRY_RUN : {})),
  ]);
  const [cart, web] = built.workloads;
  return denyingPolicies(built, { client: web, server: cart, port: 80 }, ({ name }) => enforced.includes(name)).map(({ name }) => name);
}

test.each<[string, Given, string[]]>([
  ['without policies', { policies: [] }, []],
  ['that allow another', { policies: [allow('others', 'other')] }, ['others']],
  ['that allow it', { policies: [allow('others', 'other'), allow('own', 'web')] }, []],
  ['that allow some of its requests', { policies: [allow('some', 'web', GET)] }, []],
  ['that allow nothing', { policies: [NOBODY] }, ['nobody']],
  ['that deny', { policies: [DENY, allow('own', 'web')] }, ['deny']],
  ['of other namespaces', { policies: [NOBODY], namespace: 'bank' }, []],
  ['of a client without a certificate', { policies: [allow('own', 'web')], client: { labels: { 'sidecar.istio.io/inject': 'false' }, spec: { serviceAccountName: 'web' } } }, ['own']],
  ['that no proxy enforces', { policies: [NOBODY], server: OFF }, []],
])('policies %s', (_, given, expected) => {
  expect(denying(given)).toEqual(expected);
});

describe('a dry run', () => {
  test.each<[string, Given, string[], string[]]>([
    ['denies nothing', { policies: [NOBODY], dryRun: ['nobody'] }, [], []],
    ['counts if asked', { policies: [NOBODY], dryRun: ['nobody'] }, ['nobody'], ['nobody']],
    ['counts beside others', { policies: [allow('others', 'other'), allow('own', 'web')], dryRun: ['others'] }, ['others'], []],
    ['counts only where it applies', { policies: [NOBODY], dryRun: ['nobody'], namespace: 'bank' }, ['nobody'], []],
    ['counts only for the pods that it selects', { policies: [{ name: 'x', spec: { selector: { matchLabels: { app: 'web' } } } }], dryRun: ['x'] }, ['x'], []],
    ['counts only if it is for pods', { policies: [TARGETED], dryRun: ['gateway'] }, ['gateway'], []],
  ])('%s', (_, given, enforced, expected) => {
    expect(denying(given, enforced)).toEqual(expected);
  });
});
