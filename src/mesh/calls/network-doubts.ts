import { Doubt } from './istiod-doubts';
import { NamedNetworks } from './named-networks';
import { Hop } from '../model/hop';
import { isDirect, Network, Networks } from '../workloads/networks';

/** Finds the calls whose server may be on another network than their client. */
export class NetworkDoubts {
  constructor(private readonly networks: Networks, private readonly named: NamedNetworks) {}

  of({ received: { endpoint }, sender: { network: client, plane } }: Hop): Doubt | undefined {
    if (!endpoint) return undefined;
    const { workload, machine, address, listed } = endpoint;
    const isPod = workload !== undefined && machine === undefined && address === undefined;
    // A server that istiod knows only by its address has no network of its own, even if it is a pod.
    const server = (isPod ? this.apart(client, plane ? workload.location.servesOn : workload.location.network) : undefined)
      ?? (!isPod || listed === 'address' ? this.apart(client, this.networks.ofMachine(machine)) : undefined);
    return server && this.doubtAbout(client, server);
  }

  /** The server's network, unless the client calls it directly. */
  private apart(client: Network, server: Network): Network | undefined {
    return isDirect(client, server, true) || isDirect(client, server, this.named.first !== undefined) ? undefined : server;
  }

  private doubtAbout(client: Network, server: Network): Doubt {
    const of = server.at ? 'server' : client.name && client.at ? 'client' : 'another';
    const { at, name } = { server, client, another: this.named.first! }[of];
    return { because: 'other-network', unmodelled: at && { kind: 'network', at, of, name } };
  }
}
