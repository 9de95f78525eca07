import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { Connection, ConnectionFilter } from '../../../src/mesh/calls/connections';
import { MeshChange } from '../../../src/mesh/change/mesh-change';
import { assumed, factKey } from '../../../src/mesh/workloads/missing-injection';
import { branchesText } from '../../../src/mesh/worlds/branches-text';
import { ConnectionsBothWays } from '../../../src/mesh/worlds/connections-both-ways';
import { allValuesOf, Worlds } from '../../../src/mesh/worlds/worlds';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, tls, toHost, virtualService, workloadEntry } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { partialMeshes } from '../../support/random/random-meshes';

const { seed, count } = casesOf('decisions');

const SHOP = [injected('a'), deployment('a/client'), deployment('b/web'), service('b/web', ['http:80'])];

function both(objects: unknown[], options = {}): ConnectionsBothWays {
  return ConnectionsBothWays.of(mesh(objects, options))!;
}

/** Those of a client, by server. */
function told(objects: unknown[], filter: ConnectionFilter = {}, options = {}): readonly string[] {
  const connections = [...both(objects, options).connections({ client: ({ name }) => name === 'client', ...filter })];
  return connections.map(({ server, outcome, branches }) => `${server?.name ?? '-'}: ${outcome}${branches ? `, ${branchesText(branches)}` : ''}`);
}

test('a mesh without missing facts isn\'t decided both ways', () => {
  expect(ConnectionsBothWays.of(mesh([SHOP, injected('b')]))).toBeUndefined();
});

test.each<[string, unknown[], string[]]>([
  ['depends on its server\'s namespace', SHOP, ['web: undecided, mtls if b has sidecars, else plaintext']],
  ['depends on both ends', SHOP.slice(1), ['web: undecided, mtls if a and b have sidecars, else plaintext']],
  ['is the same either way', [SHOP, destinationRule('b/web', { host: 'web', ...tls('DISABLE') })], ['web: plaintext']],
  ['is broken with sidecars alone', [SHOP, destinationRule('b/web', { host: 'web', ...tls('DISABLE') }), peerAuthentication('b/web', mode('STRICT'))],
    ['web: undecided, broken if b has sidecars, else plaintext']],
])('a connection %s', (_, objects, expected) => {
  expect(told(objects)).toEqual(expected);
});

test('of several ways to a server, those that differ with a fact aren\'t listed where the worst comes to the same', () => {
  // With a sidecar, only the calls that are no HTTP are plaintext.
  const open = workloadEntry('b/machine', { address: '10.0.0.8', labels: { app: 'web' } });
  const objects = [deployment('a/client'), injected('b'), deployment('b/web'), service('b/web', ['main:8080'], { clusterIP: '10.0.0.8' }), open, peerAuthentication('b/all', mode('STRICT'))];
  const inWorld = (names: string[]) => [...mesh(objects, names.length > 0 ? { injectedNamespaces: names } : { uninjectedNamespaces: ['a'] }).connections()]
    .flatMap(({ client, server, outcome }) => (client.name === 'client' && server?.name === 'web' ? [outcome] : [])).sort();
  expect([inWorld(['a']), inWorld([])]).toEqual([['broken', 'mtls'], ['broken']]);
  expect(told(objects).filter((text) => text.startsWith('web:'))).toEqual(['web: broken']);
});

// Without a sidecar, no route leads the call elsewhere.
const ROUTED = [deployment('a/client'), injected('b'), deployment('b/web'), service('b/web', ['http:80']), deployment('b/other'), service('b/other', ['http:80']),
  virtualService('b/web', { hosts: ['web'], http: [toHost('other')] })];

test('a server that calls reach only in some branches is listed', () => {
  const toWeb: ConnectionFilter = { requested: ({ host }) => host === 'web.b.svc.cluster.local' };
  expect(told(ROUTED, toWeb)).toEqual(['other: undecided, mtls if a has sidecars, else not called', 'web: undecided, not called if a has sidecars, else plaintext']);
  const [traced] = [...both(ROUTED).tracedConnections({ ...toWeb, client: ({ name }) => name === 'client' })];
  const open = { outcome: 'undecided', undecidedBecause: 'client-proxy-unknown', because: [] };
  expect(traced).toMatchObject({
    hops: [{ clientTls: 'UNKNOWN', serverMode: 'UNKNOWN', transport: open, server: { object: { name: 'other' } } }],
    transport: open,
    branches: [
      { if: [{ fact: 'namespace', name: 'a', holds: true }], outcome: 'mtls', because: [{ object: { kind: 'VirtualService' } }] },
      { if: [{ fact: 'namespace', name: 'a', holds: false }], outcome: 'absent', because: [] },
    ],
  });
});

test('a filter by outcome finds connections by any branch, one by server those that reach it', () => {
  const names = (filter: ConnectionFilter) => told(ROUTED, { requested: ({ host }) => host === 'web.b.svc.cluster.local', ...filter }).map((text) => text.split(':')[0]);
  expect([names({ outcome: 'mtls' }), names({ outcome: 'plaintext' }), names({ outcome: 'broken' }), names({ server: ({ name }) => name === 'web' })]).toEqual([['other'], ['web'], [], ['web']]);
});

test('a connection to a headless Service depends on all of its servers, and is undecided in a branch that no world has', () => {
  const pods = (name: string, revision: string) => deployment(`b/${name}`, { labels: { 'app': 'web', 'istio.io/rev': revision } });
  const headless = [namespace('b'), service('b/web', ['http:80'], { clusterIP: 'None' })];
  const servers = [...headless, pods('one', 'default'), pods('two', 'canary')];
  const known = { installedRevisions: ['default'] };
  const either = ['one', 'two'].map((name) => `${name}: undecided, mtls if revision canary is installed, else plaintext`);
  expect(told([injected('a'), deployment('a/client'), ...servers], {}, known)).toEqual(either);
  const isClient = ({ name }: { readonly name: string }) => name === 'client';
  expect(told([deployment('a/client'), ...servers], { client: isClient }, known)[0]).toBe('one: undecided, mtls if a has sidecars and revision canary is installed, else plaintext');
  const three = [...headless, pods('one', 'blue'), pods('two', 'green')];
  expect(told([deployment('a/client'), ...three], { client: isClient }, known)[0]).toMatch(/^one: undecided, mtls if a has sidecars and revisions blue and green are installed, undecided if a has sidecars and revision blue is installed and revision green isn't installed, .*, else plaintext$/);
});

test('an undecided branch has its reason, and is found as undecided', () => {
  const filter = { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata: { namespace: 'b', name: 'f' }, spec: { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'REMOVE' } }] } };
  const objects = [injected('a'), deployment('b/client'), deployment('a/web'), service('a/web', ['http:80']), filter];
  const [{ branches }] = both(objects).tracedConnections({ client: ({ name }) => name === 'client', outcome: 'undecided' });
  expect(branches).toMatchObject([
    { if: [{ name: 'b', holds: true }], outcome: 'undecided', undecidedBecause: 'envoy-filter' }, { if: [{ name: 'b', holds: false }], outcome: 'plaintext' },
  ]);
});

/** A client with its namespace in the cluster, and one in a namespace that isn't known. */
const CLUSTER = [injected('a'), deployment('a/client'), deployment('c/other')].flat();

test('of a change, the connections are listed that it concerns in some case', () => {
  const change = MeshChange.of([deployment('b/web'), service('b/web', ['http:80'])], [...CLUSTER, service('a/client', ['http:80'])], { parseYaml: readYaml });
  const listed = [...ConnectionsBothWays.of(change)!.connections({})].map(({ client, server, branches }) => (
    `${client.name} → ${server?.name}${branches ? `, ${branchesText(branches)}` : ''}`));
  expect(listed).toEqual([
    'client → web, mtls if b has sidecars, else plaintext', 'web → client, mtls if b has sidecars, else plaintext',
    'other → web, mtls if b and c have sidecars, else plaintext',
  ]);
});

// The service isn't compared: with one outcome in all cases, it is that of one of them.
const keyOf = ({ client, requested, server }: Connection): string => JSON.stringify([client, requested, server]);

test('in each case of random changes, the listed connections are those that the change concerns with all facts stated', () => {
  let cases = 0;
  for (const { id, objects } of partialMeshes(seed + 7, count(30))) {
    const isOwn = (_: unknown, index: number): boolean => index % 3 === 0;
    const change = MeshChange.of(objects.filter(isOwn), objects.filter((one, index) => !isOwn(one, index)), { parseYaml: readYaml });
    const facts = Worlds.of(change)?.facts ?? [];
    if (facts.length === 0 || facts.length > 2) continue;
    const rows = [...ConnectionsBothWays.of(change)!.connections({})];
    const concerned = new Set<string>();
    for (const values of allValuesOf(facts)) {
      const holding = new Set(facts.filter((_, index) => values[index]).map(factKey));
      const outcomes = new Set(rows.map(({ branches, ...row }) => {
        const branch = branches?.find(({ conditions }) => conditions.every((one) => holding.has(factKey(one)) === one.holds));
        return `${keyOf(row)} ${(branch ?? row).outcome}`;
      }));
      const there = [...change.given({ assumed: assumed(facts, (index) => values[index]) }).connections()];
      const listed = new Set(there.filter((one) => outcomes.has(`${keyOf(one)} ${one.outcome}`)).map(keyOf));
      // Of several ways to a server, at least those are listed that the connection is as good as.
      expect([id, values, there.filter((one) => !listed.has(keyOf(one)))]).toEqual([id, values, []]);
      for (const one of there) concerned.add(keyOf(one));
      cases += there.length;
    }
    expect([id, rows.filter((row) => !concerned.has(keyOf(row)))]).toEqual([id, []]);
  }
  expect(cases).toBeGreaterThan(0);
});
