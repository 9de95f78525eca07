import { Call } from '../connections/call';
import { Decision, Decisions } from '../connections/decisions';
import { Path, resultKey } from '../connections/path';
import { Sender } from '../connections/sender';

/** The ways that calls took before a change, and which of those after it are none of them. */
export class FormerWays {
  private readonly calls: ReadonlyMap<string, Call>;
  private readonly keys = new Map<Decision, ReadonlySet<string>>();
  private readonly changed = new Map<Path, boolean>();

  constructor(private readonly before: Decisions) {
    this.calls = new Map(before.calls.map((call) => [callKey(call), call]));
  }

  /** Whether a way is none that the call took before, for some of its clients. */
  lack(call: Call, path: Path): boolean {
    let changed = this.changed.get(path);
    if (changed === undefined) {
      const [key, former] = [resultKey(path), this.decisionsOf(call)];
      this.changed.set(path, changed = former.length === 0 || former.some((decision) => !this.keysOf(decision).has(key)));
    }
    return changed;
  }

  /** The same, for clients of a class of then. */
  lackFor(one: Sender, call: Call, path: Path): boolean {
    const former = this.decisionsOf(call).find(({ senders }) => senders.has(one));
    return former === undefined || !this.keysOf(former).has(resultKey(path));
  }

  private decisionsOf(call: Call): readonly Decision[] {
    const former = this.calls.get(callKey(call));
    return former ? this.before.of(former) : [];
  }

  private keysOf(decision: Decision): ReadonlySet<string> {
    let keys = this.keys.get(decision);
    if (!keys) this.keys.set(decision, keys = new Set(decision.paths.map(resultKey)));
    return keys;
  }
}

function callKey({ host, port }: Call): string {
  return `${host}:${port}`;
}
