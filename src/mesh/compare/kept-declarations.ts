import { JointClient } from './joint-clients';
import { Declaration, Declarations } from '../calls/declared-calls';
import { Mesh } from '../mesh';
import { callKey } from '../model/call';
import { MeshCaller } from '../model/sender';

/** Connections of a call in two states. */
interface CalledConnections {
  readonly host: string;
  readonly port: number;
  readonly clients: readonly JointClient[];
  readonly isCalledAfter: boolean;
}

/** What clients still declare of calls that the state after lacks, read with the Services of the state before. */
export class KeptDeclarations {
  private found?: ReadonlyMap<MeshCaller, Declaration>;

  constructor(private readonly before: Mesh, private readonly after: Mesh) {}

  /** Connections of clients that still declare a call which no longer exists, apart from those of all others. */
  split<C extends CalledConnections>(change: C): readonly (C & { readonly isStillDeclared?: boolean })[] {
    if (change.isCalledAfter || this.after.declarations.size === 0) return [change];
    const key = callKey(change);
    const declare = new Set(change.clients.filter(({ after }) => after && this.keysOf(after).includes(key)));
    if (declare.size === 0) return [change];
    const others = change.clients.filter((client) => !declare.has(client));
    return [{ ...change, clients: [...declare], isStillDeclared: true }, ...others.length > 0 ? [{ ...change, clients: others }] : []];
  }

  private keysOf(client: MeshCaller): readonly string[] {
    const { decisions: { calls }, registry, coverage } = this.before;
    this.found ??= new Declarations(calls, registry, coverage).of(this.after.callers);
    return [...this.found.get(client)?.named ?? []].map(({ key }) => key);
  }
}
