import { ApiObject } from 'cdk8s';
import { missingProxyOf } from './missing-proxy';
import { RefusalDetails } from '../../findings/refusal';
import { AppMesh, analysisModules } from '../../integration/app-mesh';
import { MeshFacts } from '../../integration/mesh-facts';
import { labelsOf, mapping } from '../../manifests/mapping';
import type { Mesh } from '../../mesh/mesh';
import type { Protocol } from '../../mesh/services/service';
import type { Workload } from '../../mesh/workloads/workload';
import { ForeignObject, foreignObjects, MeshCheck } from '../app-check';
import { Refuse } from '../refuse';

/** What a policy requires of the workloads that it selects, as far as the rest of the app can contradict it. */
export interface GuardedWorkloads {
  readonly refuse: Refuse;
  /** The policy itself. */
  readonly apiObject: ApiObject;
  readonly namespace: string;
  readonly labels: () => Record<string, string>;
  /** The container ports that it lists, as they are now. */
  readonly ports: () => readonly number[];
  /** Whether it applies to all ports except these. */
  readonly isExcept: boolean;
  /** A condition of it that only HTTP requests can meet. */
  readonly ofHttp?: {
    readonly field: string;
    /** The fix for a port with another protocol. */
    readonly fix: string;
  };
  /** Whether it reads claims of tokens that another object validates. */
  readonly readsClaims?: boolean;
  /** Callers that must have a certificate, each with its field. */
  readonly callers: readonly NamedCaller[];
}

interface NamedCaller {
  readonly field: string;
  readonly workload: ApiObject;
  /** The fix if its pods shall stay without a proxy. */
  readonly otherwise: string;
}

type Details = Omit<RefusalDetails, 'kind' | 'path' | 'name'>;

/** A port of a Service, and the workload's port that its clients reach by it. */
interface LeadingPort {
  readonly service: string;
  readonly from: number;
  readonly to: number;
}

/** The parts of a mesh that policies are checked against, each computed once. */
class Surroundings {
  readonly ports: ReadonlyMap<Workload, ReadonlySet<number>>;
  readonly leading = new Map<Workload, LeadingPort[]>();
  private readonly byPath = new Map<string | undefined, Workload>();
  private authentications?: readonly ForeignObject[];

  constructor(readonly mesh: Mesh, pathOf: AppMesh['pathOf'], private readonly facts: MeshFacts) {
    this.ports = analysisModules().portsOf(mesh);
    for (const workload of mesh.workloads) this.byPath.set(pathOf.get(workload.object.source), workload);
    const { isHeadless } = analysisModules();
    for (const service of mesh.registry.services) {
      for (const port of service.ports) {
        for (const { workload, port: target } of mesh.registry.endpointsOf(service, port)) {
          const to = isHeadless(service) ? port.number : target;
          if (workload) append(this.leading, workload, { service: service.name, from: port.number, to });
        }
      }
    }
  }

  workloadAt({ node: { path } }: ApiObject): Workload | undefined {
    return this.byPath.get(path);
  }

  get requestAuthentications(): readonly ForeignObject[] {
    return this.authentications ??= foreignObjects(this.facts, [], { group: 'security.istio.io', kind: 'RequestAuthentication' });
  }

  /** The workloads that each policy selects. */
  serversOf(members: readonly GuardedWorkloads[]): ReadonlyMap<GuardedWorkloads, readonly Workload[]> {
    const { SelectorIndex } = analysisModules();
    const byNamespace = new Map<string, InstanceType<typeof SelectorIndex<GuardedWorkloads>>>();
    for (const guarded of members) {
      const index = byNamespace.get(guarded.namespace) ?? new SelectorIndex<GuardedWorkloads>();
      byNamespace.set(guarded.namespace, index);
      index.add(guarded.labels(), guarded);
    }
    const servers = new Map<GuardedWorkloads, Workload[]>();
    for (const workload of this.mesh.workloads) {
      for (const guarded of byNamespace.get(workload.namespace)?.matching(workload.labels) ?? []) append(servers, guarded, workload);
    }
    return servers;
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** Checks policies at synth against the app's servers and callers. Objects that the app lacks contradict nothing. */
export const guardedWorkloads = new MeshCheck<GuardedWorkloads>((members, { mesh, pathOf }, { facts }) => {
  const around = new Surroundings(mesh, pathOf, facts);
  const servers = around.serversOf(members);
  const messages = members.flatMap((guarded) => [
    ...misplaced(guarded),
    ...guarded.callers.flatMap((caller) => withoutIdentity(caller, around)),
    ...(servers.get(guarded) ?? []).flatMap((server) => contradictions(guarded, server, around)),
    ...withoutClaims(guarded, around),
  ].map((details) => guarded.refuse(details).message));
  // A client that several declared calls are of lacks a proxy once.
  return [...new Set(messages)];
});

/** Unlike a PeerAuthentication's, a selector in the root namespace applies to all namespaces. */
function misplaced({ apiObject, namespace }: GuardedWorkloads): Details[] {
  if (namespace !== MeshFacts.of(apiObject).shared('rootNamespace')) return [];
  return [{
    code: 'API806',
    field: 'metadata.namespace',
    actual: `the root namespace '${namespace}'`,
    expected: 'another namespace',
    because: 'a selector there selects the pods with these labels in all namespaces of the mesh',
    fix: 'move the workload to another namespace',
  }];
}

function withoutIdentity({ field, workload, otherwise }: NamedCaller, around: Surroundings): Details[] {
  const caller = around.workloadAt(workload);
  const missing = caller && missingProxyOf(caller, around.mesh);
  if (!missing) return [];
  return [{
    code: 'API802',
    field,
    actual: `${workload.kind} ${workload.name}, whose pods have no proxy (${missing.because})`,
    expected: 'a caller with a proxy of the mesh',
    because: 'a caller is identified by the certificate that its proxy presents: without one, every call would be denied',
    fix: `${missing.fix}; or, if they shall stay without a proxy, ${otherwise}`,
  }];
}

/** Facts about a server by which the policy would not do what its author intends. */
function contradictions(guarded: GuardedWorkloads, server: Workload, around: Surroundings): Details[] {
  const { isExcept, ofHttp } = guarded;
  const ports = guarded.ports();
  const missing = missingProxyOf(server, around.mesh);
  if (missing) return [unenforced(`${textOf(server)}, whose pods have no proxy (${missing.because})`, EVERYBODY, missing.fix)];
  if (server.proxy.readsHttp === false && ofHttp) {
    return [notHttp(ofHttp.field, `for ${textOf(server)}, whose proxy is a ztunnel`, "a ztunnel doesn't read HTTP",
      'add a sidecar to its pods')];
  }
  const meant = isExcept ? [...around.ports.get(server)!].filter((port) => !ports.includes(port)) : ports;
  return [
    ...ports.flatMap((port) => ofService(guarded, server, around, port)),
    ...meant.flatMap((port) => atPort(guarded, server, around.mesh, port)),
  ];
}

const EVERYBODY = 'only a proxy enforces the policy: everybody could call';
const NOT_HTTP: ReadonlySet<Protocol> = new Set<Protocol>(['TCP', 'MONGO', 'MYSQL', 'TLS']);

function atPort({ isExcept, ofHttp }: GuardedWorkloads, server: Workload, mesh: Mesh, port: number): Details[] {
  const { protocol: { protocol, service }, mode } = mesh.dataPlanes.accept(server, port);
  const said = `port ${port} of ${textOf(server)}`;
  if (!isExcept && mode === 'NO_PROXY') {
    return [unenforced(`${said}, which bypasses its proxy`, EVERYBODY, `remove port ${port}, or let the sidecar intercept it`)];
  }
  if (!isExcept && mode === 'DISABLE') {
    return [unenforced(`${said}, whose mode is DISABLE`, 'no caller presents a certificate there: nobody could call', 'set mode STRICT')];
  }
  if (!ofHttp || server.proxy.forwards === true || !NOT_HTTP.has(protocol)) return [];
  return [notHttp(
    ofHttp.field, `for ${said}, which ${service ? `Service ${service.name} declares` : 'a Sidecar declares'} as ${protocol}`,
    'Istio reads no HTTP requests there, and would deny every call', ofHttp.fix,
  )];
}

function unenforced(server: string, because: string, fix: string): Details {
  return { code: 'API808', field: 'selector', actual: `for ${server}`, expected: 'a server whose proxy reads certificates', because, fix };
}

function notHttp(field: string, where: string, because: string, fix: string): Details {
  return { code: 'API807', field, actual: `set ${where}`, expected: 'a port with HTTP', because, fix };
}

function textOf({ kind, namespace, name }: Workload): string {
  return `${kind} ${namespace}/${name}`;
}

/** Policies use the container's ports; a Service's own port usually isn't one of them. */
function ofService({ isExcept }: GuardedWorkloads, server: Workload, { leading }: Surroundings, port: number): Details[] {
  const ports = leading.get(server) ?? [];
  if (server.ports.some(({ number }) => number === port) || ports.some(({ to }) => to === port)) return [];
  const mistaken = ports.find(({ from }) => from === port);
  if (!mistaken) return [];
  return [{
    code: 'API809',
    field: isExcept ? 'notPorts' : 'ports',
    actual: `${port}, the port of Service ${mistaken.service}`,
    expected: `the container's port, ${mistaken.to}`,
    because: 'a policy matches the port that the server listens on, not that of a Service',
    fix: `write ${mistaken.to}`,
  }];
}

/** Without a RequestAuthentication no request has claims. */
function withoutClaims({ readsClaims, apiObject, namespace, labels }: GuardedWorkloads, around: Surroundings): Details[] {
  if (!readsClaims) return [];
  const rootNamespace = MeshFacts.of(apiObject).shared('rootNamespace');
  const checked = around.requestAuthentications.some((one) =>
    [namespace, rootNamespace].includes(one.namespace ?? '')
      && analysisModules().selects(labelsOf(mapping(one.spec.selector).matchLabels), labels()));
  if (checked) return [];
  return [{
    code: 'API810',
    field: 'claims',
    actual: 'set, and the app has no RequestAuthentication for the workload',
    expected: 'a RequestAuthentication that validates tokens',
    because: 'only a validated token has claims: nobody could call',
    fix: 'add a RequiredToken for the workload',
  }];
}
