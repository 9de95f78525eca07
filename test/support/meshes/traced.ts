import { Connection } from '../../../src/mesh/calls/connections';
import { TracedConnection, TracedObject } from '../../../src/mesh/calls/traced-connection';

/** A connection of format 2 in format 1, without the fields that only format 2 has. */
export function asFormat1({ client, requested, hops, transport }: TracedConnection): Connection {
  const [{ destination: { host, port, subset, service }, clientTls }] = hops;
  const { server, serverMode } = hops[hops.length - 1];
  const { outcome, undecidedBecause, because } = transport;
  return {
    client: named(client.object!),
    requested,
    service: { namespace: service?.namespace ?? '', name: service?.name ?? '', host, port, ...subset === undefined ? {} : { subset } },
    server: server && { ...named(server.object), port: server.port },
    clientTls,
    serverMode,
    outcome,
    ...undecidedBecause === undefined ? {} : { undecidedBecause },
    because: because.map(({ object, field, effect }) => ({ ...named(object), field, effect })),
  };
}

function named({ kind, namespace, name }: TracedObject) {
  return { kind, namespace, name };
}
