import { byAge, MeshObject, readObject, YOUNGEST } from './mesh-object';
import { Owners } from './owners';
import { isShape, shape, text } from './shape';
import { groupKind, WorkloadKinds } from '../../manifests/workload-kinds';

/** The kinds that a mesh is read from besides those that run pods, by the API group that makes them what they are. */
const GROUPS: Readonly<Record<string, string>> = {
  Namespace: '',
  PodTemplate: '',
  Service: '',
  ConfigMap: '',
  ServiceAccount: '',
  Endpoints: '',
  EndpointSlice: 'discovery.k8s.io',
  Ingress: 'networking.k8s.io',
  IngressClass: 'networking.k8s.io',
  PeerAuthentication: 'security.istio.io',
  AuthorizationPolicy: 'security.istio.io',
  DestinationRule: 'networking.istio.io',
  VirtualService: 'networking.istio.io',
  ServiceEntry: 'networking.istio.io',
  WorkloadEntry: 'networking.istio.io',
  WorkloadGroup: 'networking.istio.io',
  Sidecar: 'networking.istio.io',
  ProxyConfig: 'networking.istio.io',
  EnvoyFilter: 'networking.istio.io',
  HTTPRoute: 'gateway.networking.k8s.io',
  GRPCRoute: 'gateway.networking.k8s.io',
  TCPRoute: 'gateway.networking.k8s.io',
  TLSRoute: 'gateway.networking.k8s.io',
  BackendTLSPolicy: 'gateway.networking.k8s.io',
  XBackendTrafficPolicy: 'gateway.networking.x-k8s.io',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io',
  MutatingWebhookConfiguration: 'admissionregistration.k8s.io',
  APIService: 'apiregistration.k8s.io',
  CustomResourceDefinition: 'apiextensions.k8s.io',
  ServiceMonitor: 'monitoring.coreos.com',
  PodMonitor: 'monitoring.coreos.com',
};

/** The kinds of Istio's own API and of the Gateway API, which istiods of several revisions may share out among them. */
export const ISTIO_KINDS: ReadonlySet<string> = new Set(Object.keys(GROUPS).filter((kind) => /\.istio\.io$|^gateway\./.test(GROUPS[kind])));

/** A manifest of an object of which another comes later. */
export interface Replaced {
  readonly object: MeshObject;
  readonly by: MeshObject;
}

/** What objects are read with. */
export interface ObjectsOptions {
  /** What is there before the manifests are applied: they replace what they hold of it. */
  readonly existing?: Iterable<unknown>;
  /** The kinds that run pods. */
  readonly workloadKinds?: WorkloadKinds;
  /** The DNS suffix of the cluster's services. */
  readonly clusterDomain?: string;
}

/** The objects of a mesh by kind, each kind in the order in which istiod prefers them. */
export class Objects {
  /**
   * @param manifests objects as a YAML parser or an app gives them; a `List` counts as its items
   */
  static of(manifests: Iterable<unknown>, { existing = [], ...options }: ObjectsOptions = {}): Objects {
    const { workloadKinds = WorkloadKinds.BUILT_IN } = options;
    const owners = new Owners();
    const there = new ObjectTable().read(existing, owners, options);
    const applied = new ObjectTable().read(manifests, owners, options);
    if (there.isEmpty) return new Objects(applied.inOrder(), applied.replaced, workloadKinds, owners);
    const staying = [...there.all()].filter((object) => !applied.get(object));
    const arriving = [...applied.all()].map((object) => (there.isTimed ? aged(object, there.get(object)) : object));
    return new Objects(new ObjectTable([...staying, ...arriving]).inOrder(), [...there.replaced, ...applied.replaced], workloadKinds, owners);
  }

  private constructor(
    private readonly byKind: ReadonlyMap<string, readonly MeshObject[]>,
    /** What isn't among them, since another manifest of the object comes later; in the order of the manifests. */
    readonly replaced: readonly Replaced[],
    readonly workloadKinds: WorkloadKinds,
    /** Which objects make which, also those of kinds that aren't read. */
    readonly owners: Owners,
  ) {}

  /** The same, if an object were another, if it weren't there, or if there were one more, younger than all. */
  with(source: object | undefined, former: MeshObject | undefined, clusterDomain?: string): Objects {
    const arriving = source ? [{ ...readObject(source, clusterDomain)!, created: former ? former.created : YOUNGEST }] : [];
    const type = typeOf(former ?? arriving[0]);
    const staying = this.of(type).filter((one) => one !== former);
    const replaced = source ? this.replaced : this.replaced.filter(({ by }) => by !== former);
    return new Objects(new Map(this.byKind).set(type, [...staying, ...arriving].sort(byAge)), replaced, this.workloadKinds, this.owners);
  }

  /** @param kind one that runs pods with its group: `Deployment.apps`, `Pod`; others without */
  of(kind: string): readonly MeshObject[] {
    return this.byKind.get(kind) ?? [];
  }

  /** Every object, kind by kind. */
  * all(): Generator<MeshObject> {
    for (const kind of [...this.byKind.keys()].sort()) yield* this.byKind.get(kind)!;
  }
}

/** Objects by kind and name. Of two manifests of one object the last wins, as it would if they were applied in turn. */
class ObjectTable {
  readonly replaced: Replaced[] = [];
  /** Whether any says when it was made. */
  isTimed = false;

  private readonly byKind = new Map<string, Map<unknown, MeshObject>>();

  constructor(objects: Iterable<MeshObject> = []) {
    for (const object of objects) this.add(object, typeOf(object));
  }

  /** Adds what manifests hold of the kinds that are read. */
  read(manifests: Iterable<unknown>, owners: Owners, options: ObjectsOptions): this {
    const { workloadKinds = WorkloadKinds.BUILT_IN, clusterDomain } = options;
    for (const source of manifests) {
      if (!isShape(source)) continue;
      if (Array.isArray(source.items) && text(source.kind)?.endsWith('List')) {
        this.read(source.items, owners, options);
        continue;
      }
      owners.add(source);
      const object = readObject(source, clusterDomain);
      if (!object) continue;
      if (GROUPS[object.kind] === object.group) this.add(object, object.kind);
      else if (workloadKinds.of(source)) this.add(object, groupKind(object));
    }
    return this;
  }

  get isEmpty(): boolean {
    return this.byKind.size === 0;
  }

  get(object: MeshObject): MeshObject | undefined {
    return this.byKind.get(typeOf(object))?.get(keyOf(object));
  }

  * all(): Generator<MeshObject> {
    for (const kind of this.byKind.values()) yield* kind.values();
  }

  inOrder(): ReadonlyMap<string, readonly MeshObject[]> {
    return new Map([...this.byKind].map(([kind, objects]) => [kind, [...objects.values()].sort(byAge)]));
  }

  private add(object: MeshObject, type: string): void {
    let kind = this.byKind.get(type);
    if (!kind) this.byKind.set(type, kind = new Map());
    const key = keyOf(object);
    const earlier = kind.get(key);
    if (earlier) this.replaced.push({ object: earlier, by: object });
    kind.set(key, object);
    this.isTimed ||= object.created !== undefined;
  }
}

/** An object that is applied to a cluster whose objects have times: as old as the one it replaces, or younger than all. */
function aged(object: MeshObject, earlier: MeshObject | undefined): MeshObject {
  return { ...object, created: object.created ?? (earlier ? earlier.created : YOUNGEST) };
}

/** Every object whose name the API server makes up (`generateName`) is another. */
function keyOf({ namespace, name, source }: MeshObject): unknown {
  return text(shape((source as { metadata?: unknown }).metadata).name) === undefined ? source : `${namespace}/${name}`;
}

/** The kind, with its group where other objects of that name are read: Knative has Services, too. */
function typeOf(object: MeshObject): string {
  return GROUPS[object.kind] === object.group ? object.kind : groupKind(object);
}
