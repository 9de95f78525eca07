import { PodSelectors } from '../../../src/mesh/names/pod-selectors';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, serviceEntry, sidecar, toHost, virtualService } from '../../support/mesh';

const POD = 'statefulset.kubernetes.io/pod-name';
const tellsApart = (selector: Record<string, string>, labels: Record<string, string>, namespace: string | undefined = 'a') => {
  const selectors = new PodSelectors();
  selectors.add(namespace, selector);
  return selectors.tellApart({ namespace: 'a', labels });
};

test.each<[Record<string, string>, Record<string, string>, boolean]>([
  [{ [POD]: 'x-0' }, {}, true],
  [{ [POD]: 'x-0', app: 'x' }, { app: 'x' }, true],
  [{ [POD]: 'x-0', app: 'x' }, { app: 'y' }, false],
  [{ [POD]: 'x-0', app: 'x' }, {}, false],
  [{ [POD]: 'x-0' }, { [POD]: 'x-0' }, false], // it selects all of them
  [{ [POD]: 'x-0' }, { [POD]: 'x-1' }, false], // it selects none
  [{ [POD]: 'x-0', 'pod-template-hash': '1' }, { [POD]: 'x-0' }, true],
  [{ 'topology.kubernetes.io/zone': 'z' }, {}, true],
  [{ app: 'x' }, {}, false],
  [{}, {}, false],
])('%j tells pods with %j apart: %s', (selector, labels, expected) => {
  expect(tellsApart(selector, labels)).toBe(expected);
});

test('counts in its namespace, or everywhere', () => {
  expect([tellsApart({ [POD]: 'x-0' }, {}, 'b'), tellsApart({ [POD]: 'x-0' }, {}, undefined), new PodSelectors().tellApart({ namespace: 'a', labels: {} })]).toEqual([false, true, false]);
});

/** What comes of a client's calls, and what of those of another that nothing tells apart. */
function outcomes(...objects: unknown[]): string[] {
  const all = [...mesh([injected('a', 'b'), deployment('a/client'), deployment('a/other'), deployment('b/server'), service('b/server', ['http:80']), objects]).connections()];
  return all.filter(({ client }) => client.name !== 'server')
    .map(({ client, serverMode, outcome, undecidedBecause }) => `${client.name} ${serverMode} ${outcome} ${undecidedBecause ?? ''}`.trim());
}
const labels = { [POD]: 'x-0', app: 'client' };

test.each([
  ['a DestinationRule', destinationRule('a/d', { host: 'x.example.com', workloadSelector: { matchLabels: labels } })],
  ['a Sidecar', sidecar('a/s', { workloadSelector: { labels } })],
  ['a route', virtualService('b/v', { hosts: ['server'], http: [{ match: [{ sourceLabels: labels }], ...toHost('server') }] })],
])('pods of a client that %s tells apart leave their calls undecided', (_, rule) => {
  expect(outcomes(rule)).toEqual(['client PERMISSIVE undecided single-pods', 'other PERMISSIVE mtls']);
});

test.each([
  ['a PeerAuthentication', peerAuthentication('b/p', { selector: { matchLabels: { [POD]: 'server-0' } }, ...mode('DISABLE') })],
  ['a Sidecar', sidecar('b/s', { workloadSelector: { labels: { [POD]: 'server-0' } } })],
])('and so do pods of a server that %s tells apart', (_, rule) => {
  expect(outcomes(rule)).toEqual(['client UNKNOWN undecided single-pods', 'other UNKNOWN undecided single-pods']);
  expect(outcomes(rule, deployment('b/server', { labels: { 'app': 'server', 'sidecar.istio.io/inject': 'false' } }))).toEqual(['client NO_PROXY plaintext', 'other NO_PROXY plaintext']);
});

test('a client without sidecar is told apart by nothing', () => {
  const rule = destinationRule('a/d', { host: 'x.example.com', workloadSelector: { matchLabels: labels } });
  expect(outcomes(rule, deployment('a/client', { labels: { 'app': 'client', 'sidecar.istio.io/inject': 'false' } }))[0]).toBe('client PERMISSIVE plaintext');
});

test('servers that only their pods\' labels would find aren\'t known to be none', () => {
  const entry = (selector: object) => serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'DNS', workloadSelector: { labels: selector }, ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
  const found = (...more: unknown[]) => [...mesh([injected('a', 'b'), deployment('a/client'), deployment('b/server'), more]).connections({ client: ({ name }) => name === 'client' })].map(({ outcome }) => outcome);
  expect([found(entry({ app: 'x' })), found(entry({ [POD]: 'x-0' }))]).toEqual([['broken'], ['undecided']]);
});
