import { Call } from './call';
import { Hop } from './hop';
import { idKey, ObjectId } from '../inventory/object';

/** The calls that workloads declare, which may be among their own pods. */
export class PeerCalls {
  /** @param declaring the workloads that may run several pods, with the keys of the calls that they declare */
  static of(declaring: Iterable<readonly [ObjectId, Iterable<string>]>): PeerCalls {
    const byCall = new Map<string, Set<string>>();
    for (const [workload, keys] of declaring) {
      const id = idKey(workload);
      for (const key of keys) {
        const known = byCall.get(key);
        if (known) known.add(id);
        else byCall.set(key, new Set([id]));
      }
    }
    return new PeerCalls(byCall);
  }

  /** @param byCall the ids of the workloads that declare a call, by its key */
  private constructor(private readonly byCall: ReadonlyMap<string, ReadonlySet<string>>) {}

  /** Whether a workload's pods call each other by a call, because it declares it. */
  has(workload: ObjectId, { key }: Pick<Call, 'key'>): boolean {
    return this.byCall.get(key)?.has(idKey(workload)) ?? false;
  }

  /** A call's hops, those marked whose server declares the call itself: its pods call each other. */
  among(hops: readonly Hop[], call: Pick<Call, 'key'>): readonly Hop[] {
    if (!this.byCall.has(call.key)) return hops;
    return hops.map((hop) => {
      const server = hop.received.endpoint?.workload;
      return server && this.has(server, call) ? { ...hop, isDeclaredByServer: true } : hop;
    });
  }
}
