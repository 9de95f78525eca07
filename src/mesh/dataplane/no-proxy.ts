import { DataPlane } from './data-plane';
import { Receivers } from './receivers';
import { wholeOf } from '../inventory/field-ref';
import { Call } from '../model/call';
import { Hop, NOT_RECEIVED, Travel, undecided, UNENCRYPTED, unserved } from '../model/hop';
import { Path, straight } from '../model/path';
import { PeerCalls } from '../model/peer-calls';
import { Receiver } from '../model/receiver';
import { Sender } from '../model/sender';
import { UndecidedReason } from '../model/transport';
import { CallKind } from '../routes/route';
import { Address, Addresses } from '../services/addresses';
import { isOwnName } from '../workloads/pod-template';
import { Workload } from '../workloads/workload';

/** Workloads without a proxy: their calls go to the requested address, as the application sends them. */
export class NoProxy implements DataPlane {
  constructor(private readonly addresses: Addresses, private readonly receivers: Receivers, private readonly peers: PeerCalls) {}

  senderKey({ proxy: { kind } }: Workload): string {
    return kind;
  }

  originate(sender: Sender, call: Call, address: Address): readonly Path[] {
    return this.resolvedElsewhere(sender, call) ?? this.direct(sender, call, address).map(straight);
  }

  /** The outcome of a call whose host the client's pods resolve differently from the cluster's DNS; undefined if they don't. */
  resolvedElsewhere(sender: Sender, call: Call): readonly Path[] | undefined {
    return isOwnName(sender.members[0].ownNames, call.host) ? [straight(undecided(unserved(sender, call), 'own-dns'))] : undefined;
  }

  accept(workload: Workload, port: number): Receiver {
    const { object, proxy: { because } } = workload;
    return { mode: 'NO_PROXY', by: wholeOf(object), ...this.receivers.declared(workload, port), obstacle: 'injection', because };
  }

  /** The hops of a call that bypasses the client's proxy. */
  direct(sender: Sender, call: Call, address: Address): readonly Hop[] {
    return call.kinds.flatMap((kind) => this.toAddress(sender, call, kind, address, 'direct'));
  }

  /** The hops of a call to the address that the application requested. */
  toAddress(sender: Sender, call: Call, kind: CallKind, address: Address, travel: Travel): readonly Hop[] {
    return this.peers.among(this.hopsToAddress(sender, call, kind, address, travel), call);
  }

  private hopsToAddress(sender: Sender, call: Call, kind: CallKind, address: Address, travel: Travel): readonly Hop[] {
    const [service] = call.services;
    const base = { sender, travel, target: { service, host: call.host, port: call.port } };
    const sent = { ...UNENCRYPTED, kind };
    const endpoints = this.addresses.reach(address, call.port);
    const blocked =
      travel === 'blocked' ? { outcome: 'broken', brokenBecause: 'forbidden-destination', undecidedBecause: undefined } as const : {};
    if (this.addresses.isInhabited(address)) {
      return [{
        ...base, sent, received: { endpoint: endpoints[0] }, outcome: 'undecided', undecidedBecause: 'destination-subnets', ...blocked,
      }];
    }
    if (endpoints.length === 0) {
      return [{ ...base, sent, received: NOT_RECEIVED, outcome: 'undecided', undecidedBecause: 'no-endpoints', ...blocked }];
    }
    return endpoints.map((endpoint) => ({ ...this.receivers.judge({ ...base, sent }, endpoint), ...blocked }));
  }
}

/** Workloads whose proxy is unknown or isn't modelled: all calls from and to them are undecided. */
export class Unmodelled implements DataPlane {
  /**
   * @param because why their calls are undecided
   * @param takes how their ports handle connections
   */
  constructor(
    private readonly because: UndecidedReason, private readonly takes: Pick<Receiver, 'mode' | 'undecidedBecause'>,
    private readonly noProxy: NoProxy, private readonly receivers: Receivers,
  ) {}

  senderKey({ proxy: { kind } }: Workload): string {
    return kind;
  }

  originate(sender: Sender, call: Call, address: Address): readonly Path[] {
    return this.noProxy.direct(sender, call, address).map((hop) => straight(undecided(hop, this.because)));
  }

  accept(workload: Workload, port: number): Receiver {
    const { object, proxy: { kind, because } } = workload;
    return {
      ...this.takes,
      by: wholeOf(object),
      ...this.receivers.declared(workload, port),
      obstacle: 'injection',
      because: `its proxy is ${kind}: ${because}`,
    };
  }
}
