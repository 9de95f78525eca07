import { arrivalKey } from './arrivals';
import { ChangedConnections } from './connection-changes';
import { idKey, MeshObject } from '../inventory/object';
import { Call } from '../model/call';
import { Path } from '../model/path';

/**
 * The object that newly decides where a call goes, if it belongs neither to the namespace of the called service nor to the
 * client's. Undefined if there is none, or if the connection that the call now makes is reported as another change.
 */
export function takerOf({ clients: [client], host, before, after, instead, replaces }: ChangedConnections): MeshObject | undefined {
  if (replaces || (before && after && arrivalKey(before.path) === arrivalKey(after.path))) return undefined;
  const [former, latter] = [before ? [before.path] : instead, after ? [after.path] : instead];
  const owner = ownersOf((before ?? after)!.call);
  const known = new Set(former.flatMap((path) => takersIn(path, host)).map(idKey));
  const own = (client.after ?? client.before)!.namespace;
  const takers = latter.flatMap((path) => takersIn(path, host));
  return takers.find((object) => object.namespace !== own && !owner.has(object.namespace) && !known.has(idKey(object)));
}

function ownersOf({ services }: Call): ReadonlySet<string> {
  return new Set(services.map(({ namespace }) => namespace));
}

/** The objects that decide where a path leads: its route, or the service of the host. */
function takersIn({ hops: [{ route, target: { service } }] }: Path, host: string): readonly MeshObject[] {
  return [...route ? [route.object] : [], ...service?.host === host ? [service.object] : []];
}
