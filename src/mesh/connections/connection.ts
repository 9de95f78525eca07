import { Outcome, UndecidedReason } from './outcome';
import { lastHop, Path, transportOf } from './path';
import { ClientTls } from '../client/client-tls';
import { ObjectName } from '../objects/object-id';
import { Reason } from '../reasons/reason';
import { Caller, reasonsOf } from '../reasons/reasons';
import { rendered, ReasonText } from '../reasons/render';
import { ServerMode } from '../server/server-mode';
import { ownerOf } from '../services/endpoint';

/** One client's call to one server, and what comes of it, in the words of the command line's JSON: its format 1. */
export interface Connection {
  readonly client: ObjectName;
  readonly requested: { readonly host: string; readonly port: number };
  /** Where the client's proxy sends the call; namespace and name are empty for a host that no service has. */
  readonly service: { readonly namespace: string; readonly name: string; readonly host: string; readonly port: number; readonly subset?: string };
  /** Null for an external host, and where the manifests hold no server. */
  readonly server: (ObjectName & { readonly port: number }) | null;
  readonly clientTls: ClientTls;
  readonly serverMode: ServerMode;
  /** What comes of the transport, over all hops. */
  readonly outcome: Outcome;
  readonly undecidedBecause?: UndecidedReason;
  /** Without their groups, which this format doesn't have. */
  readonly because: readonly (ObjectName & ReasonText)[];
}

export function connectionOf(caller: Caller, path: Path): Connection {
  const { client: { kind, namespace, name }, call: { host, port } } = caller;
  const [{ target, clientTls }] = path.hops;
  const { outcome, undecidedBecause } = transportOf(path);
  return {
    client: { kind, namespace, name },
    requested: { host, port },
    service: {
      namespace: target.service?.namespace ?? '',
      name: target.service?.name ?? '',
      host: target.host,
      port: target.port,
      ...(target.subset === undefined ? {} : { subset: target.subset }),
    },
    server: serverOf(path),
    clientTls,
    serverMode: lastHop(path).server?.mode ?? 'UNKNOWN',
    outcome,
    ...(undecidedBecause === undefined ? {} : { undecidedBecause }),
    because: reasonsOf(path, caller).map(named),
  };
}

function named(reason: Reason): Connection['because'][number] {
  const { kind, namespace, name } = reason.at.object;
  const { field, effect } = rendered(reason);
  return { kind, namespace, name, field, effect };
}

function serverOf(path: Path): Connection['server'] {
  const { endpoint } = lastHop(path);
  const server = endpoint && ownerOf(endpoint);
  return server ? { kind: server.kind, namespace: server.namespace, name: server.name, port: endpoint.port } : null;
}
