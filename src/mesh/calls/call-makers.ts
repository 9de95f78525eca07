import { addTo } from '../collections';
import { Call } from '../model/call';
import { Sender, SenderSet } from '../model/sender';

/**
 * Splits sets of senders by whether they make a call. Those of any call, and those that declare theirs, each are a part of the set that
 * all calls share, so that a call takes memory only for the senders that declare it.
 */
export class CallMakers {
  private readonly byCall = new Map<Call, Sender[]>();
  private readonly makersOfAny = new WeakMap<ReadonlySet<Sender>, SenderSet>();
  private readonly declaring = new WeakMap<ReadonlySet<Sender>, SenderSet>();

  constructor(senders: readonly Sender[]) {
    for (const one of senders) for (const call of one.calls ?? []) addTo(this.byCall, call, one);
  }

  /** The senders of a set that make a call, in at most two parts, neither of which is empty. */
  of(set: SenderSet, call: Call): readonly SenderSet[] {
    const ofAny = partOf(set, this.makersOfAny, (one) => one.calls === undefined);
    return [ofAny, SenderSet.of(this.declaringIn(set, call))].filter(({ one }) => one !== undefined);
  }

  /** The others: those that declare their calls without this one. */
  others(set: SenderSet, call: Call): SenderSet {
    return partOf(set, this.declaring, (one) => one.calls !== undefined, this.declaringIn(set, call));
  }

  private declaringIn(set: SenderSet, call: Call): readonly Sender[] {
    return (this.byCall.get(call) ?? []).filter((one) => set.has(one));
  }
}

/**
 * The senders of a set that pass a test, as a part of those of the set's base, which are determined once.
 *
 * @param except some of them to leave out
 */
function partOf(
  { all, left }: SenderSet, known: WeakMap<ReadonlySet<Sender>, SenderSet>, test: (one: Sender) => boolean, except: readonly Sender[] = [],
): SenderSet {
  let base = known.get(all);
  if (!base) known.set(all, base = SenderSet.of([...all].filter(test)));
  const without = [...[...left].filter(test), ...except];
  return without.length === 0 ? base : base.without(new Set(without));
}
