import { Call } from './call';
import { Doubts } from './doubts';
import { Hop, lastHop, Path, pathKey, straight, undecided, unified, unserved } from './path';
import { Sender } from './sender';
import { Arrival } from '../dataplane/data-plane';
import { DataPlanes } from '../dataplane/data-planes';
import { idKey } from '../objects/object-id';
import { Address, addressKey, Addresses } from '../services/addresses';

/** Decides every path that a call of clients that are alike can take. */
export class Decider {
  /** What proxies do with what they send on, by proxy, port, authority and kind of call: it is the same whoever calls. */
  private readonly forwarded = new Map<string, readonly Hop[]>();

  constructor(private readonly dataPlanes: DataPlanes, private readonly addresses: Addresses, private readonly doubts: Doubts) {}

  decide(client: Sender, call: Call): readonly Path[] {
    const addresses = this.addressesOf(call);
    if (addresses.length === 0) return [straight(unserved(client, call))];
    const paths: Path[] = [];
    for (const address of addresses) {
      for (const path of this.dataPlanes.of(client.one).originate(client, call, address)) {
        for (const told of this.doubts.about(path, call)) paths.push(...this.onward(told, call));
      }
    }
    return distinct(paths);
  }

  private addressesOf({ services, port }: Call): readonly Address[] {
    const all = services.flatMap((service) => this.addresses.of(service, port));
    if (all.length < 2) return all;
    return [...new Map(all.map((address) => [addressKey(address), address])).values()];
  }

  /** A path with the hops that come after its last, where a proxy sends on what comes to it. */
  private onward(path: Path, call: Call, passed: readonly string[] = []): readonly Path[] {
    const { endpoint, kind, outcome } = lastHop(path);
    const proxy = endpoint?.workload;
    const forward = proxy && this.dataPlanes.of(proxy).forward;
    if (!forward || !kind || outcome === 'broken' || outcome === 'undecided') return [path];
    const arrival: Arrival = { proxy, port: endpoint.port, authority: call.host, kind };
    const key = `${idKey(proxy)} ${JSON.stringify([arrival.port, arrival.authority, kind])}`;
    if (passed.includes(key)) return [{ ...path, hops: [...path.hops.slice(0, -1), undecided(lastHop(path), 'server-proxy-not-modelled')] as unknown as Path['hops'] }];
    let hops = this.forwarded.get(key);
    if (!hops) this.forwarded.set(key, hops = this.dataPlanes.of(proxy).forward!(arrival).map((hop) => this.doubts.told(hop, call)));
    return hops.flatMap((hop) => this.onward({ ...path, hops: [...path.hops, hop] }, call, [...passed, key]));
  }
}

/** Paths that say the same are one. */
function distinct(paths: readonly Path[]): readonly Path[] {
  if (paths.length < 2) return paths;
  const byKey = new Map<string, Path>();
  for (const path of paths) {
    const key = pathKey(path);
    const same = byKey.get(key);
    byKey.set(key, same ? unified(same, path) : path);
  }
  return [...byKey.values()];
}
