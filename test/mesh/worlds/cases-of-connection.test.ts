// Compares what rows show with the mesh in which all facts are stated.
import { Connection, ConnectionFilter } from '../../../src/mesh/calls/connections';
import { assumed, factKey } from '../../../src/mesh/workloads/missing-injection';
import { ConditionalConnection, ConnectionsBothWays } from '../../../src/mesh/worlds/connections-both-ways';
import { allValuesOf, Worlds } from '../../../src/mesh/worlds/worlds';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, tls, toHost, virtualService } from '../../support/meshes/mesh';
import { casesOf } from '../../support/random/cases';
import { partialMeshes } from '../../support/random/random-meshes';

const { seed, count } = casesOf('decisions');

const OF_CLIENT: ConnectionFilter = { client: ({ name }) => name === 'client', requested: ({ host }) => host.startsWith('web.') };

const rowOf = (objects: unknown[]): ConditionalConnection => [...ConnectionsBothWays.of(mesh(objects))!.connections(OF_CLIENT)][0];
const tracedOf = (objects: unknown[]) => [...ConnectionsBothWays.of(mesh(objects))!.tracedConnections(OF_CLIENT)][0];

const WEB = [deployment('b/web'), service('b/web', ['http:80'])];
const PLAINTEXT = destinationRule('b/web', { host: 'web', ...tls('DISABLE') });
const IN_B = { fact: 'namespace', name: 'b' };

test('a mode that differs between cases isn\'t shown, nor are objects that decide in some only', () => {
  const shown = rowOf([injected('a'), deployment('a/client'), WEB, PLAINTEXT]);
  expect(shown).toMatchObject({ outcome: 'plaintext', clientTls: 'PLAINTEXT', serverMode: 'UNKNOWN', because: [{ kind: 'DestinationRule' }] });
  expect(shown.cases).toMatchObject([
    { conditions: [{ ...IN_B, holds: true }], connection: { serverMode: 'PERMISSIVE', because: [{ kind: 'DestinationRule' }] } },
    { conditions: [{ ...IN_B, holds: false }], connection: { serverMode: 'NO_PROXY', because: [{ kind: 'DestinationRule' }, { kind: 'Deployment', field: 'proxy' }] } },
  ]);
});

test('the hops show the same', () => {
  const { hops, transport, cases } = tracedOf([injected('a'), deployment('a/client'), WEB, PLAINTEXT]);
  expect([hops, transport]).toMatchObject([
    [{ clientTls: 'PLAINTEXT', serverMode: 'UNKNOWN', transport: { outcome: 'plaintext', because: [{ object: { kind: 'DestinationRule' } }] } }],
    { outcome: 'plaintext', because: [{ object: { kind: 'DestinationRule' } }] },
  ]);
  expect(cases).toMatchObject([
    { if: [{ ...IN_B, holds: true }], hops: [{ serverMode: 'PERMISSIVE' }] }, { if: [{ ...IN_B, holds: false }], hops: [{ serverMode: 'NO_PROXY' }] },
  ]);
});

test('nothing differs where no case has another proxy at the ends', () => {
  const known = [injected('a'), deployment('a/client'), injected('b'), WEB, PLAINTEXT, deployment('c/other')];
  expect(rowOf(known)).toMatchObject({ outcome: 'plaintext', clientTls: 'PLAINTEXT', serverMode: 'PERMISSIVE' });
  expect([rowOf(known), tracedOf(known)].filter((row) => 'cases' in row)).toEqual([]);
});

// The client's sidecar sends the call to the same server by another service, without a sidecar it is called directly.
const BY_OTHER = [
  deployment('a/client'), injected('b'), WEB, service('b/other', ['http:80'], { selector: { app: 'web' } }), destinationRule('b/other', { host: 'other', ...tls('DISABLE') }),
  virtualService('b/web', { hosts: ['web'], http: [toHost('other')] }),
];

test('a service that differs is the requested host, without a name', () => {
  const { service: shown, cases } = rowOf(BY_OTHER);
  expect(shown).toEqual({ namespace: '', name: '', host: 'web.b.svc.cluster.local', port: 80 });
  expect(cases!.map(({ connection }) => connection.service.name)).toEqual(['other', 'web']);
  const { hops: [{ destination }] } = tracedOf(BY_OTHER);
  expect(destination).toEqual({ host: 'web.b.svc.cluster.local', port: 80, service: null });
});

test('of a connection whose outcome differs, what isn\'t known stays a reason, and what differs isn\'t shown', () => {
  // Behind a headless Service, what the client sends depends on all servers.
  const headless = [injected('a'), deployment('a/client'), deployment('b/web'), service('b/web', ['http:80'], { clusterIP: 'None' })];
  const shown = rowOf(headless);
  expect(shown).toMatchObject({ outcome: 'undecided', undecidedBecause: 'server-proxy-unknown', clientTls: 'UNKNOWN', serverMode: 'UNKNOWN' });
  expect(shown.because.map(({ kind, effect }) => `${kind}: ${effect}`)).toEqual(['Deployment: its proxy is unknown: namespace b isn\'t in the manifests']);
  expect(tracedOf(headless).transport.because.map(({ object: { kind } }) => kind)).toEqual(['Deployment']);
});

test('what is equal in all cases is shown of an undecided connection, too', () => {
  const strict = [deployment('a/client'), injected('b'), WEB, peerAuthentication('b/default', mode('STRICT'))];
  expect(rowOf(strict)).toMatchObject({ outcome: 'undecided', serverMode: 'STRICT', because: [{ kind: 'Deployment' }, { kind: 'PeerAuthentication' }] });
});

const keyOf = ({ client, requested, server }: Connection): string => JSON.stringify([client, requested, server]);
const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether all that a row shows holds of a connection. */
function holds(row: Connection, { clientTls, serverMode, service: own, because }: Connection): boolean {
  const { requested, service: { namespace, name, host, port, subset } } = row;
  const isSent = namespace === '' && isEqual({ host, port }, requested) ? true
    : isEqual([namespace, name, host], [own.namespace, own.name, own.host]) && (port === own.port || port === requested.port)
      && (subset === undefined || subset === own.subset);
  return (row.clientTls === 'UNKNOWN' || row.clientTls === clientTls) && (row.serverMode === 'UNKNOWN' || row.serverMode === serverMode)
    && isSent && row.because.every((reason) => /isn't in the manifests|known to be installed/.test(reason.effect) || because.some((other) => isEqual(other, reason)));
}

/** Whether a row leaves out what all of some connections have. */
function omits({ clientTls, serverMode }: Connection, found: readonly Connection[]): boolean {
  const isKnown = (values: readonly string[]): boolean => values[0] !== 'UNKNOWN' && new Set(values).size === 1;
  return (clientTls === 'UNKNOWN' && isKnown(found.map((one) => one.clientTls))) || (serverMode === 'UNKNOWN' && isKnown(found.map((one) => one.serverMode)));
}

test('all that is shown of random connections holds whatever the missing facts are', () => {
  const seen = { cases: 0, branches: 0 };
  for (const { id, objects } of [{ id: 'by hand', objects: BY_OTHER.flat() }, ...partialMeshes(seed + 11, count(60))]) {
    const whole = mesh(objects);
    const facts = Worlds.of(whole)?.facts ?? [];
    if (facts.length === 0 || facts.length > 3) continue;
    const found = new Map<string, Connection[]>();
    const rows = [...ConnectionsBothWays.of(whole)!.connections({})];
    for (const values of allValuesOf(facts)) {
      const holding = new Set(facts.filter((_, index) => values[index]).map(factKey));
      const there = [...whole.given({ assumed: assumed(facts, (index) => values[index]) }).connections()];
      for (const one of there) found.set(keyOf(one), [...found.get(keyOf(one)) ?? [], one]);
      for (const row of rows) {
        const [own, ...others] = [...row.branches ?? [], ...row.cases ?? []]
          .filter(({ conditions }) => conditions.every((one) => holding.has(factKey(one)) === one.holds));
        if (own && 'outcome' in own && own.outcome === 'absent') continue;
        const same = there.filter((one) => keyOf(one) === keyOf(row) && (row.server !== null || row.service.name === '' || one.service.host === row.service.host)
          && (row.branches ? true : one.outcome === row.outcome && one.undecidedBecause === row.undecidedBecause));
        expect([id, values, row, same.some((one) => holds(row, one)), others]).toEqual([id, values, row, true, []]);
        if (own && 'connection' in own) expect([id, values, own.connection, same.some((one) => holds(own.connection, one))]).toEqual([id, values, own.connection, true]);
      }
    }
    for (const row of rows) {
      if (row.branches) seen.branches += 1;
      if (row.cases) seen.cases += 1;
      if (row.cases) expect([id, row, omits(row, found.get(keyOf(row))!.filter(({ outcome }) => outcome === row.outcome))]).toEqual([id, row, false]);
    }
  }
  expect(seen.cases).toBeGreaterThan(0);
});
