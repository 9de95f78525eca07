import { CallsMade } from '../calls/declared-calls';
import { addTo } from '../collections';
import { idKey, ObjectId } from '../inventory/object';
import { Mesh } from '../mesh';
import { MeshCaller } from '../model/sender';

/** The keys of the calls that clients declare, by client; undefined: any call, because one of them declares none, or by mistake. */
type DeclaredKeys = ReadonlyMap<string, ReadonlySet<string> | undefined>;

/** The calls that clients declare in either of two states: one that declares none in a state makes any call in both. */
export class CallsInEither implements CallsMade {
  static of(before: Mesh, after: Mesh): CallsInEither {
    return new CallsInEither(together([...declaredIn(before), ...declaredIn(after)]), namedIn([before, after]));
  }

  /** @param named the keys of the calls that clients name in either state, by client */
  private constructor(private readonly byClient: DeclaredKeys, private readonly named: ReadonlyMap<string, readonly string[]>) {}

  /** The same for clients that make every call. */
  get all(): CallsMade {
    return new CallsInEither(new Map(), this.named);
  }

  /** Whether a client makes only the calls that it declares. */
  get isLimiting(): boolean {
    return [...this.byClient.values()].some((keys) => keys !== undefined);
  }

  of(client: ObjectId): ReadonlySet<string> | undefined {
    return this.byClient.get(idKey(client));
  }

  declaredBy(client: ObjectId): readonly string[] {
    return this.named.get(idKey(client)) ?? [];
  }

  /** Whether a client makes a call. */
  has(client: ObjectId, call: string): boolean {
    return this.of(client)?.has(call) ?? true;
  }
}

/** A workload that makes fewer calls after a change, because of what it declares. */
export interface Narrowing {
  readonly client: MeshCaller;
  /** Whether it declared calls before; one that declares none, or by mistake, may make any call. */
  readonly declaredBefore: boolean;
  /** The number of calls, each to a host and port of both states, that it made before and no longer declares. */
  readonly calls: number;
  /** The first of them: `orders.shop.svc.cluster.local:80`. */
  readonly example: string;
}

/** The workloads of both states that make fewer calls after a change, by namespace, name and kind. */
export function narrowings(before: Mesh, after: Mesh): readonly Narrowing[] {
  if (after.declarations.size === 0) return [];
  const [former, latter] = [before, after].map((mesh) => together(declaredIn(mesh)));
  const keys = new Set(before.decisions.calls.map(({ key }) => key));
  const inBoth = after.decisions.calls.flatMap(({ key }) => (keys.has(key) ? [key] : [])).sort();
  const clients = new Map([...after.callers].reverse().map((client) => [idKey(client), client]));
  return after.callers.flatMap((client): readonly Narrowing[] => {
    const id = idKey(client);
    const [made, makes] = [former.get(id), latter.get(id)];
    if (!makes || !former.has(id) || clients.get(id) !== client) return [];
    const left = (made ? inBoth.filter((key) => made.has(key)) : inBoth).filter((key) => !makes.has(key));
    return left.length > 0 ? [{ client, declaredBefore: made !== undefined, calls: left.length, example: left[0] }] : [];
  });
}

function namedIn(states: readonly Mesh[]): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, string[]>();
  for (const { declarations } of states) {
    for (const [client, { named: calls }] of declarations) for (const { key } of calls) addTo(named, idKey(client), key);
  }
  return named;
}

function declaredIn({ callers, declarations }: Mesh): readonly (readonly [string, ReadonlySet<string> | undefined])[] {
  return callers.map((client) => {
    const calls = declarations.get(client)?.calls;
    return [idKey(client), calls && new Set([...calls].map(({ key }) => key))] as const;
  });
}

/** Clients with one id, in two states or because the API server generates their names, make the calls of each. */
function together(all: ReturnType<typeof declaredIn>): DeclaredKeys {
  const byClient = new Map<string, ReadonlySet<string> | undefined>();
  for (const [id, keys] of all) {
    const known = byClient.get(id);
    byClient.set(id, byClient.has(id) ? known && keys && new Set([...known, ...keys]) : keys);
  }
  return byClient;
}
