import { harmless } from './key';
import { compareTexts, idKey, ObjectId, OWN_CLUSTER } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { concerns, transportOf } from '../mesh/model/path';
import { CallOfClient, reasonsOf } from '../mesh/reasons/reasons';
import { judgedBothWays } from '../mesh/worlds/both-ways';
import { ownersOf } from '../mesh/worlds/branches';
import { furtherValues } from '../mesh/worlds/shortest-condition';

/**
 * The broken calls of workloads that declare their calls, by the objects that take part in them or decide about them. A baseline holds
 * them one by one: with their number alone, a call that breaks would take the place of one that ended.
 */
export class BrokenCalls {
  /** Those of a mesh in which workloads make only their declared calls; where facts about injection are missing, those of each case. */
  static of(mesh: Mesh): BrokenCalls {
    const found = new BrokenCalls();
    if (mesh.declarations.size === 0) return found;
    const worlds = judgedBothWays(mesh, mesh, (facts) => furtherValues(facts, mesh))?.all ?? [];
    for (const one of [mesh, ...worlds.map(({ judged }) => judged)]) found.add(one);
    return found;
  }

  private readonly bySource = new Map<object, Set<string>>();

  private constructor() {}

  private add(mesh: Mesh): void {
    const sources = new Map([...mesh.objects.all()].map((object) => [idKey(object), object.source]));
    for (const client of mesh.callers) {
      const one = mesh.decisions.senderOf(client);
      for (const call of one.calls ?? []) {
        const caller: CallOfClient = { client, one, call };
        for (const key of deciding(mesh, caller)) if (sources.has(key)) this.addAt(sources.get(key)!, callText(caller));
      }
    }
  }

  private addAt(source: object, call: string): void {
    const known = this.bySource.get(source);
    if (known) known.add(call);
    else this.bySource.set(source, new Set([call]));
  }

  /** Those that a finding on an object may be about, in order: any, if the object isn't among the manifests. */
  around(source: object | undefined): readonly string[] {
    const known = source && this.bySource.get(source);
    if (known) return [...known].sort(compareTexts);
    return source ? [] : [...new Set([...this.bySource.values()].flatMap((calls) => [...calls]))].sort(compareTexts);
  }
}

/** The keys of a call's objects; none if it isn't broken. */
function deciding({ decisions, namespaces }: Mesh, caller: CallOfClient): ReadonlySet<string> {
  const { client, one, call } = caller;
  const paths = decisions.ofSender(call, one)?.paths ?? [];
  const broken = paths.filter((path) => concerns(path, client) && transportOf(path).outcome === 'broken');
  if (broken.length === 0) return new Set();
  const found: readonly ObjectId[] = broken.flatMap((path) => [...ownersOf(path), ...reasonsOf(path, caller).map(({ at }) => at.object)]);
  const around = [client.object, ...call.services.map(({ object }) => object), namespaces.objectOf(client.namespace) ?? []].flat();
  return new Set([...found, ...around].map(idKey));
}

/** `Deployment/shop/web → ratings.shop.svc.cluster.local:9080`, the same in every run. */
function callText({ client: { object: { cluster, kind, namespace, name } }, call: { host, port } }: CallOfClient): string {
  const where = cluster === OWN_CLUSTER ? '' : `${harmless(cluster)}/`;
  return `${where}${harmless(kind)}/${harmless(namespace)}/${harmless(name)} → ${harmless(host)}:${port}`;
}
