// MtlsAnalysis returns the connections that the command prints, in both of its formats.
import { Condition } from '../../src/findings/condition';
import { Connection, Hop, MeshObject, MtlsAnalysis, Reason } from '../../src/index';
import { connectionStruct } from '../../src/integration/connection';
import { ConstructPaths } from '../../src/integration/construct-paths';
import { readManifests } from '../../src/manifests/manifests';
import { Connection as ConnectionOfFormat1 } from '../../src/mesh/calls/connections';
import { TracedBranch, TracedConnection, TracedHop, TracedTransport } from '../../src/mesh/calls/traced-connection';
import { Mesh } from '../../src/mesh/mesh';
import { ConditionalConnection, ConnectionsBothWays } from '../../src/mesh/worlds/connections-both-ways';
import { BROKEN } from '../cli/meshes';
import { newCa } from '../support/certificates/cacerts';
import { privateHalf, shows } from '../support/certificates/leaks';
import { sampledTexts } from '../support/documents/examples-of-rules';
import { mesh } from '../support/meshes/mesh';

const NO_PATHS = new ConstructPaths(mesh([]), new Map());

const meshOf = (text: string): Mesh => mesh(readManifests(text, 'text').documents.map(({ object }) => object));

/** The flat fields as format 1 has them. */
function format1(told: Connection): ConnectionOfFormat1 {
  const { serverKind: kind, serverNamespace: namespace, serverName: name, serverPort: port } = told;
  const { service } = told.hops![0];
  return {
    client: { kind: told.clientKind, namespace: told.clientNamespace, name: told.clientName },
    requested: { host: told.requestedHost, port: told.requestedPort },
    service: { namespace: service?.namespace ?? '', name: service?.name ?? '', host: told.serviceHost, port: told.servicePort, subset: told.subset },
    server: kind === undefined ? null : { kind, namespace: namespace!, name: name!, port: port! },
    clientTls: told.clientTls as ConnectionOfFormat1['clientTls'],
    serverMode: told.serverMode as ConnectionOfFormat1['serverMode'],
    outcome: told.outcome,
    undecidedBecause: told.undecidedBecause as ConnectionOfFormat1['undecidedBecause'],
    because: told.because.map(({ cluster: _cluster, group: _group, ...reason }) => reason),
  };
}

/** The client and the hops as format 2 has them. */
function format2(told: Connection): TracedConnection {
  return {
    client: { kind: told.caller as 'workload', object: told.client },
    requested: { host: told.requestedHost, port: told.requestedPort },
    hops: told.hops!.map(hopOfFormat2),
    transport: transport(told),
    branches: told.branches?.map((branch) => ({
      if: branch.conditions as Condition[], ...transport({ ...branch, outcome: branch.outcome! }), outcome: (branch.outcome ?? 'absent') as TracedBranch['outcome'],
    })),
    cases: told.cases?.map(({ conditions, hops }) => ({ if: conditions as Condition[], hops: hops.map(hopOfFormat2) })),
  };
}

function hopOfFormat2(hop: Hop): TracedHop {
  return {
    sender: hop.sender ?? null,
    destination: { host: hop.serviceHost, port: hop.servicePort, subset: hop.subset, service: hop.service ?? null },
    server: hop.server ? { object: hop.server, port: hop.serverPort! } : null,
    clientTls: hop.clientTls as ConnectionOfFormat1['clientTls'],
    serverMode: hop.serverMode as ConnectionOfFormat1['serverMode'],
    transport: transport(hop),
  };
}

function transport({ outcome, undecidedBecause, because }: Pick<Hop, 'outcome' | 'undecidedBecause' | 'because'>): TracedTransport {
  return {
    outcome,
    undecidedBecause: undecidedBecause as TracedTransport['undecidedBecause'],
    because: because.map((reason) => ({ object: objectOf(reason), field: reason.field, effect: reason.effect })),
  };
}

function objectOf({ cluster, group, kind, namespace, name }: Reason): MeshObject {
  return { cluster, group: group!, kind, namespace, name };
}

test('of examples of the rules', () => {
  for (const text of [BROKEN, ...sampledTexts]) {
    const told = MtlsAnalysis.ofYaml(text, { allCalls: true }).connections({ limit: 1_000_000 });
    const judged = meshOf(text);
    const listed = ConnectionsBothWays.of(judged) ?? judged;
    const ofFormat1 = ({ branches: _, cases: __, ...connection }: ConditionalConnection) => connection;
    expect(told.map(format1)).toEqual(Array.from(listed.connections({}), ofFormat1));
    expect(told.map(format2)).toEqual([...listed.tracedConnections({})]);
  }
});

test('a connection of several hops begins with the first one\'s destination and ends with the last one\'s server', () => {
  const [one] = meshOf(BROKEN).tracedConnections();
  const gateway = { cluster: 'east', group: 'apps', kind: 'Deployment', namespace: 'edge', name: 'gateway' };
  const because = [{ object: gateway, field: 'proxy', effect: 'is a gateway' }];
  const first: TracedConnection['hops'][number] = {
    sender: null,
    destination: { host: 'edge.example.com', port: 443, service: null },
    server: { object: gateway, port: 8443 },
    clientTls: 'SIMPLE',
    serverMode: 'NO_PROXY',
    transport: { outcome: 'tls', because },
  };
  const told = connectionStruct({ ...one, client: { kind: 'outside' }, hops: [first, { ...one.hops[0], sender: gateway }] }, NO_PATHS);
  expect(told).toMatchObject({
    clientKind: '',
    clientNamespace: '',
    clientName: '',
    serviceHost: 'edge.example.com',
    servicePort: 443,
    serverName: 'ratings',
    serverPort: 9080,
    clientTls: 'SIMPLE',
    serverMode: 'STRICT',
    outcome: 'broken',
    caller: 'outside',
    client: undefined,
    hops: [
      { sender: undefined, serviceHost: 'edge.example.com', service: undefined, server: gateway, serverPort: 8443, outcome: 'tls', because: [{ ...gateway, field: 'proxy', effect: 'is a gateway' }] },
      { sender: gateway, serviceHost: 'ratings.shop.svc.cluster.local', serverPort: 9080, outcome: 'broken' },
    ],
  });
});

test('redacts keys in object names', () => {
  const { caKey } = newCa().props;
  const named = (name: string) => `name: ${JSON.stringify(name)}`;
  const [connection] = MtlsAnalysis.ofYaml(BROKEN.replaceAll('name: web', named(caKey)).replaceAll('name: default', named(caKey))).connections();
  expect(connection.hops![0].sender!.name).toMatch(/^-----BEGIN… \(\d+ characters not shown\)/);
  expect(connection.client).toEqual(connection.hops![0].sender);
  expect(shows(JSON.stringify(connection), privateHalf(caKey))).toBe(false);
});
