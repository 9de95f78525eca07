import { casesText } from '../../../src/mesh/worlds/cases-text';
import { ConnectionsBothWays } from '../../../src/mesh/worlds/connections-both-ways';
import { deployment, destinationRule, injected, mesh, service, tls, virtualService } from '../../support/meshes/mesh';

const WEB = [injected('b'), deployment('b/web'), service('b/web', ['http:80'])];
const OTHER = [service('b/other', ['http:80'], { selector: { app: 'web' } }), destinationRule('b/other', { host: 'other', ...tls('DISABLE') })];

const texts = (objects: unknown[]): string[] => [...ConnectionsBothWays.of(mesh([deployment('a/client'), ...objects]))!.connections({
  client: ({ name }) => name === 'client', requested: ({ host }) => host.startsWith('web.'),
})].map(casesText);

test.each<[string, unknown[], string]>([
  ['the objects that decide', [destinationRule('b/web', { host: 'web', ...tls('DISABLE') })],
    'if a has sidecars: DestinationRule b/web: the client sends PLAINTEXT; else: Deployment a/client: neither the namespace nor the pod asks for a sidecar'],
  ['the service, and its subset', [OTHER, destinationRule('b/more', { host: 'other', subsets: [{ name: 'v1', labels: { app: 'web' } }] }), virtualService('b/web', { hosts: ['web'], http: [{ route: [{ destination: { host: 'other', subset: 'v1' } }] }] })],
    'if a has sidecars: sent to other.b.svc.cluster.local:80 subset v1, VirtualService b/web: sends the call to other.b.svc.cluster.local:80 subset v1, DestinationRule b/other: the client sends PLAINTEXT; else: sent to web.b.svc.cluster.local:80, Deployment a/client: neither the namespace nor the pod asks for a sidecar'],
])('a text has %s of each case', (_, objects, expected) => {
  expect(texts([...WEB, ...objects])).toEqual([expected]);
});

test('the text is empty of a connection whose outcome differs', () => {
  expect(texts(WEB)).toEqual(['']);
});

test('a text has modes that differ', () => {
  const server = [deployment('c/web'), service('c/web', ['http:80']), destinationRule('c/web', { host: 'web', ...tls('DISABLE') })];
  expect(texts([injected('a'), ...server])).toEqual([
    'if c has sidecars: mode PERMISSIVE; else: mode NO_PROXY, Deployment c/web: neither the namespace nor the pod asks for a sidecar',
  ]);
});
