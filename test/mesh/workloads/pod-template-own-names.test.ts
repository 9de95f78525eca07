import { connections, deployment, injected, service } from '../../support/meshes/mesh';

const reasons = (spec: object, labels: Record<string, string> = { app: 'client' }) => connections([injected('a'), deployment('a/client', { spec, labels }), deployment('a/web'), service('a/web')])
  .filter(({ client }) => client.name === 'client').map(({ undecidedBecause }) => undecidedBecause);
const aliases = (...hostnames: string[]) => ({ hostAliases: [{ ip: '192.0.2.1', hostnames }] });

test.each([
  ['own-dns', aliases('web.a.svc.cluster.local')], ['own-dns', aliases('other', 'web')], ['own-dns', aliases('web.a')], ['own-dns', { dnsPolicy: 'None' }],
  [undefined, aliases('we', 'other')], [undefined, { dnsPolicy: 'Default' }], [undefined, { dnsConfig: { nameservers: ['192.0.2.2'] } }], [undefined, {}],
])('names of a pod\'s own: %s for %j', (expected, spec) => {
  expect([reasons(spec), reasons(spec, { 'app': 'client', 'sidecar.istio.io/inject': 'false' })]).toEqual([[expected], [expected]]);
});

test('distinguish clients', () => {
  const two = connections([injected('a'), deployment('a/one', { spec: aliases('web') }), deployment('a/two'), deployment('a/web'), service('a/web')]);
  expect(two.map(({ client, undecidedBecause }) => [client.name, undecidedBecause])).toEqual([['one', 'own-dns'], ['two', undefined]]);
});
