import { CallEvidence, LostCall, lostCalls, OutsideCaller, outsideCallers } from './callers';
import { MigrationRemedy, RemedyKind, remediesFor, remedyForOutside } from './remedies';
import { Target, targetChanges } from './target';
import { grouped } from '../mesh/inventory/collections';
import { idKey } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { MeshPlan, planOf } from '../mesh/plan/plan';
import { Workload } from '../mesh/workloads/workload';

/** A caller that the target alone would cut off. */
export interface Blocker {
  /** A workload; else in words, who calls from outside of the mesh. */
  readonly client: Workload | string;
  /** `outside`: something in the manifests has it call. */
  readonly evidence: CallEvidence | 'outside';
  /** What says so. */
  readonly by?: string;
  readonly server?: Workload;
  /** The host and port that it calls; of one from outside, the server's port alone. */
  readonly host?: string;
  readonly port: number;
  /** What lets it through in the target that is planned; undefined: nothing was found. */
  readonly remedy?: RemedyKind;
}

/** How a mesh comes to a mode. */
export interface Migration {
  readonly target: Target;
  /** Those that are known to call, with what lets each through. */
  readonly blockers: readonly Blocker[];
  /** Clients that could call and can't any more, of which nothing says that they do. */
  readonly possible: readonly LostCall[];
  /** How many connections nobody knows of: their callers may be cut off, too. */
  readonly undecided: number;
  /** Undefined: something is in the way. */
  readonly plan?: MeshPlan;
}

/** How often remedies are looked for: the first may not be enough. */
const ROUNDS = 4;

/**
 * Finds what stands between a mesh and a mode, changes that let every known caller through, and the stages to get there.
 *
 * @throws UnknownScopeError if the scope is nothing of the mesh
 */
export function migrationOf(before: Mesh, target: Target): Migration {
  let after = before.with(...targetChanges(before, target));
  const wanted = after;
  const taken = new Map<string, RemedyKind>();
  const tried = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const next = remediesOf(before, after, target, tried);
    if (next.length === 0) break;
    for (const remedy of next) {
      tried.add(remedy.key);
      after = after.with(remedy.change(after));
      taken.set(remedy.key, remedy.kind);
    }
  }
  const blockers = blockersOf(before, wanted, after, target, taken);
  const possible = lostCalls(before, after).filter(({ evidence }) => evidence === 'possible');
  const plan = blockers.every(({ remedy }) => remedy) ? planOf(before, [...after.objects.all()].map(({ source }) => source)) : undefined;
  return { target, blockers, possible, undecided: after.undecided(), plan };
}

/** The next remedy for each call that is still broken. */
function remediesOf(before: Mesh, after: Mesh, { mode }: Target, tried: ReadonlySet<string>): readonly MigrationRemedy[] {
  const isNew = ({ key }: MigrationRemedy): boolean => !tried.has(key);
  const named = lostCalls(before, after).filter(({ evidence }) => evidence === 'named').flatMap((call) => remediesFor(call, mode).find(isNew) ?? []);
  const outside = newlyOutside(before, after).map((caller) => remedyForOutside(caller, mode));
  return [...new Map([...named, ...outside.filter(isNew)].map((remedy) => [remedy.key, remedy])).values()];
}

/** Callers from outside whose ports weren't STRICT before. */
function newlyOutside(before: Mesh, after: Mesh): readonly OutsideCaller[] {
  const known = new Set(outsideCallers(before).map(outsideKey));
  return outsideCallers(after).filter((caller) => !known.has(outsideKey(caller)));
}

function outsideKey({ caller, server, port }: OutsideCaller): string {
  return `${caller} ${idKey(server)}:${port}`;
}

/** Who the target alone would cut off, with what lets them through. */
function blockersOf(before: Mesh, wanted: Mesh, after: Mesh, { mode }: Target, taken: ReadonlyMap<string, RemedyKind>): readonly Blocker[] {
  const callKey = ({ client, host, port }: LostCall): string => `${idKey(client)} ${host}:${port}`;
  const lost = grouped(lostCalls(before, after), callKey);
  const named = [...grouped(lostCalls(before, wanted).filter(({ evidence }) => evidence === 'named'), callKey)].map(([key, [call]]): Blocker => {
    const { client, host, port, evidence, by, side } = call;
    const { endpoint } = side.path.hops[side.path.hops.length - 1];
    const remedy = lost.has(key) ? undefined : remediesFor(call, mode).map((one) => taken.get(one.key)).find((kind) => kind !== undefined);
    return { client, host, port, evidence, by, server: endpoint?.workload, remedy };
  });
  const still = new Set(newlyOutside(before, after).map(outsideKey));
  const outside = newlyOutside(before, wanted).map((caller): Blocker => ({
    client: caller.caller,
    evidence: 'outside',
    by: caller.by,
    server: caller.server,
    port: caller.port,
    remedy: still.has(outsideKey(caller)) ? undefined : taken.get(remedyForOutside(caller, mode).key),
  }));
  return [...named, ...outside];
}
