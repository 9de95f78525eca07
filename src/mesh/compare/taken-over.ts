import { ChangedConnections } from './connection-changes';
import { idKey, MeshObject } from '../inventory/object';
import { Call } from '../model/call';
import { Path } from '../model/path';

/**
 * The object of another namespace that newly decides where a call goes: neither the namespace of the service called nor that of the
 * client. Undefined: none does, or the connection that it takes is another change.
 */
export function takerOf({ clients: [client], host, before, after, instead, replaces }: ChangedConnections): MeshObject | undefined {
  if ((before && after) || replaces) return undefined;
  const [former, latter] = before ? [[before.path], instead] : [instead, [after!.path]];
  const owner = ownersOf((before ?? after)!.call);
  const known = new Set(former.flatMap((path) => takersIn(path, host)).map(idKey));
  const own = (client.after ?? client.before)!.namespace;
  const takers = latter.flatMap((path) => takersIn(path, host));
  return takers.find((object) => object.namespace !== own && !owner.has(object.namespace) && !known.has(idKey(object)));
}

function ownersOf({ services }: Call): ReadonlySet<string> {
  return new Set(services.map(({ namespace }) => namespace));
}

/** What decides where a path of a call to a host leads: the route, or the service that the host stands for. */
function takersIn({ hops: [{ route, target: { service } }] }: Path, host: string): readonly MeshObject[] {
  return [...route ? [route.object] : [], ...service?.host === host ? [service.object] : []];
}
