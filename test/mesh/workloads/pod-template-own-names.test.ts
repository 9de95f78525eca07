import { connections, deployment, injected, service } from '../../support/meshes/mesh';

const reasons = (spec: object, labels: Record<string, string> = { app: 'client' }) => connections([injected('a'), deployment('a/client', { spec, labels }), deployment('a/web'), service('a/web')])
  .filter(({ client }) => client.name === 'client').map(({ undecidedBecause }) => undecidedBecause);
const aliases = (...hostnames: string[]) => ({ hostAliases: [{ ip: '192.0.2.1', hostnames }] });

test.each([
  ['a hostAlias for the full host', 'own-dns', aliases('web.a.svc.cluster.local')],
  ['a hostAlias for the short name, after another', 'own-dns', aliases('other', 'web')],
  ['a hostAlias for name and namespace', 'own-dns', aliases('web.a')],
  ['dnsPolicy None', 'own-dns', { dnsPolicy: 'None' }],
  ['a hostAlias for other names', undefined, aliases('we', 'other')],
  ['dnsPolicy Default', undefined, { dnsPolicy: 'Default' }],
  ['other nameservers', undefined, { dnsConfig: { nameservers: ['192.0.2.2'] } }],
  ['no DNS settings', undefined, {}],
])('a call is undecided with DNS settings of the pod: %s: %s for %j', (_, expected, spec) => {
  expect([reasons(spec), reasons(spec, { 'app': 'client', 'sidecar.istio.io/inject': 'false' })]).toEqual([[expected], [expected]]);
});

test('DNS settings of pods distinguish clients', () => {
  const two = connections([injected('a'), deployment('a/one', { spec: aliases('web') }), deployment('a/two'), deployment('a/web'), service('a/web')]);
  expect(two.map(({ client, undecidedBecause }) => [client.name, undecidedBecause])).toEqual([['one', 'own-dns'], ['two', undefined]]);
});
