import { CallEvidence, LostCall, lostCalls, lostHop, OutsideCaller, outsideCallers } from './callers';
import { ClientTlsRules } from './client-tls';
import { FoundInCase, MeshCases } from './mesh-cases';
import { RemedyKind, remediesFor, remedyForOutside } from './remedies';
import { TargetMode } from './target';
import { grouped } from '../mesh/collections';
import { idKey } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Workload } from '../mesh/workloads/workload';
import { ownersOf } from '../mesh/worlds/branches';

/** A caller that the target alone would cut off. */
export interface Blocker {
  /** A workload, or a description of the caller outside the mesh. */
  readonly client: Workload | string;
  /** `outside`: something in the manifests makes it call. */
  readonly evidence: CallEvidence | 'outside';
  /** The evidence's source. */
  readonly by?: string;
  readonly server?: Workload;
  /** The host and port that it calls; from outside, only the server's port. */
  readonly host?: string;
  readonly port: number;
  /** The change that keeps it working in the planned target; undefined if none was found. */
  readonly remedy?: RemedyKind;
}

/** The changes that a migration makes besides the target's. */
export interface TakenRemedies {
  readonly clientTls: ClientTlsRules;
  /** By key. */
  readonly kinds: ReadonlyMap<string, RemedyKind>;
}

/** Finds the callers that the target alone would cut off, with the changes that keep them working. */
export class Blockers {
  constructor(
    private readonly before: MeshCases, private readonly wanted: MeshCases, private readonly after: MeshCases,
    private readonly mode: TargetMode, private readonly taken: TakenRemedies,
  ) {}

  /** The callers in each case: those in the mesh first. */
  found(calls: readonly LostCall[]): readonly FoundInCase<Blocker>[] {
    const still = new Set(lostCalls(this.before, this.after).map(callKey));
    const inMesh = [...grouped(calls.filter(({ evidence }) => evidence !== 'possible'), callKey)].map(([key, some]) => (
      this.inMesh(some, still.has(key))));
    return [...inMesh, ...this.before.all.flatMap((_, index) => this.outside(index))];
  }

  private inMesh([call, ...others]: readonly [LostCall, ...LostCall[]], isLost: boolean): FoundInCase<Blocker> {
    const { inCase, client, host, port, evidence, by } = call;
    const { endpoint } = lostHop(call).hop.received;
    const remedy = isLost ? undefined : this.remedyFor(call);
    return {
      inCase,
      key: `${idKey(client)} ${host}:${port}`,
      objects: [client.object, ...[call, ...others].flatMap(({ side }) => ownersOf(side.path))],
      value: { client, host, port, evidence, by, server: endpoint?.workload, remedy },
    };
  }

  private remedyFor(call: LostCall): RemedyKind | undefined {
    const { clientTls, kinds } = this.taken;
    const after = this.after.all[call.inCase];
    const made = remediesFor(call, this.mode, after).flatMap(({ key }) => kinds.get(key) ?? []);
    const isEffective = (kind: RemedyKind): boolean => kind !== 'inject' || hasSidecar(lostHop(call).sender, after);
    return clientTls.remedyFor(call, this.wanted) ?? made.find(isEffective) ?? made[0];
  }

  private outside(inCase: number): readonly FoundInCase<Blocker>[] {
    const [before, wanted, after] = [this.before, this.wanted, this.after].map(({ all }) => all[inCase]);
    const still = new Set(newlyOutside(before, after).map(outsideKey));
    return newlyOutside(before, wanted).map((caller) => ({
      inCase,
      key: outsideKey(caller),
      objects: [caller.server.object],
      value: {
        client: caller.caller,
        evidence: 'outside',
        by: caller.by,
        server: caller.server,
        port: caller.port,
        remedy: still.has(outsideKey(caller)) ? undefined : this.taken.kinds.get(remedyForOutside(caller, this.mode).key),
      },
    }));
  }
}

/** Whether a client got a sidecar: a label alone doesn't give it one where its revision isn't installed. */
function hasSidecar(client: Workload, { callers }: Mesh): boolean {
  return callers.some((one) => idKey(one) === idKey(client) && one.proxy.encrypts !== false);
}

/** Equal texts for callers that are told alike. */
export function blockerText({ evidence, by, server, remedy }: Blocker): string {
  return [evidence, by, server && idKey(server), remedy].join('\t');
}

/** Callers from outside whose ports weren't STRICT before. */
export function newlyOutside(before: Mesh, after: Mesh): readonly OutsideCaller[] {
  const known = new Set(outsideCallers(before).map(outsideKey));
  return outsideCallers(after).filter((caller) => !known.has(outsideKey(caller)));
}

function outsideKey({ caller, server, port }: OutsideCaller): string {
  return `${caller} ${idKey(server)}:${port}`;
}

function callKey({ inCase, client, host, port }: LostCall): string {
  return `${inCase} ${idKey(client)} ${host}:${port}`;
}
