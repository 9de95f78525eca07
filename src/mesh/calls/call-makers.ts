import { addTo, grouped } from '../collections';
import { Call } from '../model/call';
import { MeshCaller, Sender, SenderSet } from '../model/sender';

/** The calls that a client makes; undefined: any. */
export type CallsOf = (client: MeshCaller) => ReadonlySet<Call> | undefined;

/**
 * Splits senders by the calls that their clients declare, and sets of senders by whether these make a call. Those of any call, and those
 * that declare theirs, each are a part of the set that all calls share, so that a call takes memory only for the senders that declare it.
 */
export class CallMakers {
  /** Undefined if all clients make any call. */
  static of(whole: readonly Sender[], callsOf: CallsOf): CallMakers | undefined {
    return whole.some(({ members }) => members.some(callsOf)) ? new CallMakers(whole, callsOf) : undefined;
  }

  /** The parts of all senders, each of which makes the same calls. */
  readonly senders: readonly Sender[];

  private readonly parts: ReadonlyMap<Sender, readonly Sender[]>;
  private readonly wholes: ReadonlyMap<Sender, Sender>;
  private readonly byCall = new Map<Call, Sender[]>();
  private readonly makersOfAny = new WeakMap<ReadonlySet<Sender>, SenderSet>();
  private readonly declaring = new WeakMap<ReadonlySet<Sender>, SenderSet>();

  private constructor(whole: readonly Sender[], callsOf: CallsOf) {
    this.parts = new Map(whole.map((one) => [one, partsOf(one, callsOf)]));
    this.wholes = new Map([...this.parts].flatMap(([one, parts]) => parts.map((part) => [part, one])));
    this.senders = [...this.wholes.keys()];
    for (const one of this.senders) for (const call of one.calls ?? []) addTo(this.byCall, call, one);
  }

  /** The sender that a part is of. */
  wholeOf(part: Sender): Sender {
    return this.wholes.get(part)!;
  }

  /** Those of a set that make a call, in at most two sets of parts, neither of which is empty. */
  of(set: SenderSet, call: Call): readonly SenderSet[] {
    const ofAny = this.partsIn(set, this.makersOfAny, (one) => one.calls === undefined);
    return [ofAny, SenderSet.of(this.declaringIn(set, call))].filter(({ one }) => one !== undefined);
  }

  /** The others: those that declare their calls without this one. */
  others(set: SenderSet, call: Call): SenderSet {
    return this.partsIn(set, this.declaring, (one) => one.calls !== undefined, this.declaringIn(set, call));
  }

  private declaringIn(set: SenderSet, call: Call): readonly Sender[] {
    return (this.byCall.get(call) ?? []).filter((one) => set.has(this.wholeOf(one)));
  }

  /**
   * The parts of a set's senders that pass a test, out of those of the set's base, which are determined once.
   *
   * @param except some of them to leave out
   */
  private partsIn(
    { all, left }: SenderSet, known: WeakMap<ReadonlySet<Sender>, SenderSet>, test: (one: Sender) => boolean,
    except: readonly Sender[] = [],
  ): SenderSet {
    const passing = (senders: ReadonlySet<Sender>) => [...senders].flatMap((one) => this.parts.get(one)!).filter(test);
    let base = known.get(all);
    if (!base) known.set(all, base = SenderSet.of(passing(all)));
    const without = [...passing(left), ...except];
    return without.length === 0 ? base : base.without(new Set(without));
  }
}

function partsOf(one: Sender, callsOf: CallsOf): readonly Sender[] {
  return [...grouped(one.members, (client) => callsKey(callsOf(client))).values()].map((members): Sender => {
    const [first] = members;
    const calls = callsOf(first);
    return { ...one, labels: first.labels, members: members as [MeshCaller, ...MeshCaller[]], ...calls && { calls } };
  });
}

/** Empty for clients that make any call. */
function callsKey(calls: ReadonlySet<Call> | undefined): string {
  return calls ? JSON.stringify([...calls].map(({ key }) => key).sort()) : '';
}
