import { ApiObject } from 'cdk8s';
import { CallerIdentity } from './caller';
import { enumerated } from '../../findings/enumerated';
import { AppMesh, analysisModules } from '../../integration/app-mesh';
import type { Mesh } from '../../mesh/mesh';
import type { Workload } from '../../mesh/workloads/workload';

/** A declared call to a Service, as its policy allows it. */
export interface GuardedCall {
  /** The caller's certificate; undefined if it needs none. */
  readonly caller?: CallerIdentity;
  /** The container's ports. */
  readonly ports: readonly number[];
  /** What it may request; without lists: anything. */
  readonly operation: object;
}

/** A Service that a policy of declared calls closes to all others. */
export interface GuardedCalls {
  readonly service: ApiObject;
  readonly policy: ApiObject;
  /** As they are now. */
  readonly calls: () => readonly GuardedCall[];
}

/** Such a Service among the objects of its mesh. */
export interface GuardedInMesh {
  readonly service: ApiObject;
  readonly policy: ApiObject;
  readonly calls: readonly GuardedCall[];
  /** The ports where its calls arrive. */
  readonly endpoints: readonly { readonly server: Workload; readonly port: number }[];
}

/** The callers of an app, and the Services that policies of declared calls close to others. */
export class GuardedMesh {
  public readonly guarded: readonly GuardedInMesh[];
  /** The workloads that the app's objects run, with the paths of these. */
  public readonly workloads: ReadonlyMap<Workload, string>;
  public readonly mesh: Mesh;

  private readonly byPath: ReadonlyMap<string, Workload>;
  private readonly pathOf: AppMesh['pathOf'];

  public constructor(members: readonly GuardedCalls[], { mesh, pathOf }: AppMesh) {
    this.mesh = mesh;
    this.pathOf = pathOf;
    this.workloads = new Map(mesh.callers.flatMap((workload) => {
      const path = pathOf.get(workload.object.source);
      return path === undefined ? [] : [[workload, path]];
    }));
    this.byPath = new Map([...this.workloads].map(([workload, path]) => [path, workload]));
    this.guarded = members.map(({ calls, ...member }) => ({ ...member, calls: calls(), endpoints: this.endpointsOf(member.service) }));
  }

  /** The workload of a caller. */
  public workloadOf({ node: { path } }: ApiObject): Workload | undefined {
    return this.byPath.get(path);
  }

  /** Whether the policy of a Service denies a workload all calls, or would if it were no dry run. */
  public locksOut({ policy, endpoints }: GuardedInMesh, client: Workload): boolean {
    if (endpoints.length === 0 || endpoints.some(({ server }) => server === client)) return false;
    const isPolicy = ({ source }: { readonly source: object }) => this.pathOf.get(source) === policy.node.path;
    const { denyingPolicies } = analysisModules();
    return endpoints.every(({ server, port }) => denyingPolicies(this.mesh, { client, server, port }, isPolicy).some(isPolicy));
  }

  private endpointsOf({ name, metadata: { namespace } }: ApiObject): GuardedInMesh['endpoints'] {
    const { registry } = this.mesh;
    const service = registry.kubernetesService(registry.hostOf(name, namespace!));
    return (service?.ports ?? []).flatMap((port) => registry.endpointsOf(service!, port))
      .flatMap(({ workload, port }) => (workload ? [{ server: workload, port }] : []));
  }
}

/** How warnings name a workload. */
export function shownWorkload({ kind, namespace, name }: Workload): string {
  return `${kind} ${namespace}/${name}`;
}

/** How many workloads or Services a warning names. */
const NAMED = 3;

/** `a, b, c and 2 others`. */
export function listText(names: readonly string[]): string {
  const rest = names.length - NAMED;
  if (rest > 0) return `${names.slice(0, NAMED).join(', ')} and ${rest === 1 ? '1 other' : `${rest} others`}`;
  return enumerated(names);
}
