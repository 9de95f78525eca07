// Compares a plan's promises with observed calls.
import { Promises } from '../../conformance/convergence/judging';
import { SeenCall, SeenFlow, Wire } from '../../conformance/data-plane/report';
import { deployment, injected, mesh, mode, namespace, peerAuthentication, service } from '../support/meshes/mesh';

jest.mock('../../conformance/library', () => ({ libraryModule: (path: string) => jest.requireActual(`../../src/${path}`) }));

const of = (path: string): SeenCall['client'] => {
  const [space, name] = path.split('/');
  return { kind: 'Deployment', namespace: space, name };
};
const SHOP = [
  ...injected('shop'), namespace('legacy'), deployment('shop/web'), deployment('legacy/report'),
  deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', ['http:9080']),
];
const at = (value: string) => mesh([...SHOP, peerAuthentication('shop/default', mode(value))]);
const strict = new Promises({ before: at('STRICT'), after: at('STRICT') });
const server = { ...of('shop/ratings'), port: 9080 };

function call(client: string, flows: readonly Partial<SeenFlow>[], arrived?: SeenCall['arrived']): SeenCall {
  const sent = flows.map((flow) => ({ server, wire: 'mtls' as Wire, ...flow }));
  const requested = { host: 'ratings.shop.svc.cluster.local', port: 9080 };
  return { client: of(client), requested, kind: 'http', flows: sent, ...arrived ? { arrived } : { failed: 'reset' } };
}

test.each([
  ['holds', call('shop/web', [{}], server)],
  ['exposed', call('shop/web', [{ wire: 'plaintext' }], server)],
  ['exposed', call('shop/web', [{ wire: 'tls' }], server)],
  ['broken', call('shop/web', [{}])],
  ['broken', call('shop/web', [])],
  ['apart', call('shop/web', [{ server: { kind: 'WorkloadEntry', namespace: 'shop', name: 'machine', port: 9080 } }])],
  ['holds', call('legacy/report', [{ wire: 'plaintext' }])],
  ['let in', call('legacy/report', [{ wire: 'plaintext' }], server)],
] as const)('%s: %#', (standing, seen) => {
  expect(strict.standing(seen, new Set())).toBe(standing);
});

test('a call that met a proxy that isn\'t run says nothing', () => {
  expect(strict.standing(call('shop/web', [{}]), new Set(['Deployment/shop/ratings']))).toBe('apart');
});

test('promises nothing about calls that one of the states breaks', () => {
  const { calls } = new Promises({ before: at('PERMISSIVE'), after: at('STRICT') });
  expect(calls.map(({ client, refused }) => [client.name, refused])).toEqual([['web', false]]);
  expect(strict.calls.map(({ client, refused }) => [client.name, refused])).toEqual([['report', true], ['web', false]]);
});
