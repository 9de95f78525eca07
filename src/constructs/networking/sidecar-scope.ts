import { ApiObject, ApiObjectProps, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { fullHost, hostsOfEntry, isService, isServiceEntry, serviceHost } from './destination-host';
import { checkSeen, sidecarScopes } from './sidecar-scope-checks';
import * as networking from '../../../imports/networking.istio.io';
import { MeshFacts } from '../../integration/mesh-facts';
import { apiObjectOf, pathIn, shownConstruct } from '../api-object';
import { foreignObjects, textsIn } from '../app-check';
import { OutboundTrafficPolicyMode } from '../installation/mesh-config-props';
import { namespaceOf } from '../namespace';
import { IWorkload } from '../pods';
import { checkWord, Refuse, refusing } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

const KIND = 'Sidecar';
/** A Sidecar knows no other. */
const { REGISTRY_ONLY, ALLOW_ANY } = OutboundTrafficPolicyMode;
const WORDS = { kind: KIND, workload: 'workload', field: 'workloadSelector.labels', everyPod: "leave out 'workload'" };

/** Properties of SidecarScope. */
export interface SidecarScopeProps {
  /**
   * The workload whose sidecars are meant, as a construct of cdk8s-plus (any version) or an ApiObject. All labels of its pod template are
   * selected by, as they are at synth. Or `Pods.withLabels`, for pods by their labels alone.
   *
   * @default - all pods of the namespace that no other scope selects
   */
  readonly workload?: IWorkload;

  /**
   * What they call: Services of cdk8s-plus (any version) or ApiObjects, ExternalServices and ServiceEntries. An empty list says that they
   * call nothing.
   *
   * @default - only `hosts`
   */
  readonly calls?: IConstruct[];

  /**
   * Further hosts that they call, as `namespace/host`, where the namespace is that of the Service or ServiceEntry: `shop/*` for all of a
   * namespace, `./*` for all of the own one.
   *
   * @default - only `calls`
   */
  readonly hosts?: string[];

  /**
   * What sidecars do with a call to a host that isn't in the scope: REGISTRY_ONLY or ALLOW_ANY. The first drops it. The second passes it on as the application sent it, **without mutual
   * TLS**, even to a Service of the mesh.
   *
   * @default - the mesh config's, which is ALLOW_ANY unless it says otherwise
   */
  readonly outboundTrafficPolicy?: OutboundTrafficPolicyMode;

  /**
   * The namespace of the pods.
   *
   * @default - the workload's; with `Pods.withLabels`, or without `workload`, the chart's; without one it is an error
   */
  readonly namespace?: string;

  /**
   * Name of the Sidecar.
   *
   * @default - 'default' for a whole namespace, else generated from the construct's path
   */
  readonly name?: string;
}

/**
 * What sidecars know of the mesh: the hosts that their applications call, and nothing else. Sidecars that know less need less memory, and
 * get fewer changes from istiod.
 *
 * Is one Sidecar. Beside the hosts that are named, it has all of the root namespace, and the VirtualServices of the app for these hosts,
 * wherever they lie, since sidecars would lose their routes without. It is no firewall: see `outboundTrafficPolicy`.
 *
 * @throws if `workload` is no workload, or has no labels, if neither `calls` nor `hosts` is given, if something that is
 * called has no host, or if it is for all of the root namespace, where it would hold for the whole mesh; at synth, if another Sidecar of
 * the app is for the same pods, or if the namespace doesn't find what is called
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { OutboundTrafficPolicyMode, SidecarScope } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const web = new kplus.Deployment(shop, 'web', { containers: [{ image: 'web:1', portNumber: 8080 }] });
 * const reviews = new kplus.Service(shop, 'reviews', { ports: [{ port: 9080 }] });
 *
 * new SidecarScope(shop, 'web-scope', { workload: web, calls: [reviews], outboundTrafficPolicy: OutboundTrafficPolicyMode.REGISTRY_ONLY });
 */
export class SidecarScope extends ApiObject {
  /** The namespace of the pods, where the Sidecar lies. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: SidecarScopeProps) {
    const { workload, name, hosts = [], outboundTrafficPolicy } = props;
    const path = pathIn(scope, id);
    const refuse = refusing(KIND, path);
    const [rootNamespace, clusterDomain] = (['rootNamespace', 'clusterDomain'] as const).map((fact) => MeshFacts.of(scope).read(fact, { kind: KIND, path }));
    const pods = workload && new WorkloadSelection(scope, path, { workload, namespace: props.namespace }, WORDS);
    const namespace = pods?.namespace ?? namespaceOf({ scope, path, kind: KIND, asked: props.namespace });
    if (!pods && namespace === rootNamespace) throw ofWholeMesh(namespace, refuse);
    const services = calledBy(props, refuse);
    if (outboundTrafficPolicy !== undefined) checkWord('outboundTrafficPolicy.mode', outboundTrafficPolicy, { REGISTRY_ONLY, ALLOW_ANY }, refuse);
    const called = () => [...services.flatMap((service) => entriesOf(service, clusterDomain)), ...hosts];
    super(scope, id, {
      ...networking.Sidecar.GVK,
      metadata: name || !pods ? { namespace, name: name ?? 'default' } : { namespace },
      spec: {
        workloadSelector: pods && Lazy.any({ produce: () => ({ labels: pods.labels() }) }),
        egress: [{ hosts: Lazy.any({ produce: () => this.egressHosts(called(), rootNamespace) }) }],
        outboundTrafficPolicy: outboundTrafficPolicy && { mode: outboundTrafficPolicy },
      },
    } as ApiObjectProps);
    this.namespace = namespace;
    sidecarScopes.add(this, {
      apiObject: this,
      namespace,
      labels: () => pods?.labels() ?? {},
      check: () => services.forEach((service) => checkSeen(service, namespace, refuse)),
    });
  }

  /** All of the root namespace comes last; its own entries would only repeat it. */
  private egressHosts(called: readonly string[], rootNamespace: string): string[] {
    const others = [...called, ...this.routesOf(called)].filter((entry) => !entry.startsWith(`${rootNamespace}/`));
    return [...new Set([...others, `${rootNamespace}/*`])];
  }

  /** An entry imports what its own namespace has, and a route for a host may lie in another one. */
  private routesOf(called: readonly string[]): string[] {
    const { root } = this.node;
    const hosts = new Set(called.map((entry) => entry.slice(entry.indexOf('/') + 1)));
    const clusterDomain = MeshFacts.of(root).shared('clusterDomain');
    return foreignObjects(root, [], { group: 'networking.istio.io', kind: 'VirtualService' }).flatMap(({ namespace, spec }) => (
      textsIn(spec.hosts)
        .map((host) => fullHost(host, namespace ?? '', clusterDomain))
        .filter((host) => namespace !== undefined && host !== '*' && hosts.has(host))
        .map((host) => `${namespace}/${host}`)));
  }
}

/** What is called, as objects. */
function calledBy({ calls, hosts }: SidecarScopeProps, refuse: Refuse): ApiObject[] {
  if (calls === undefined && hosts === undefined) {
    throw refuse({
      code: 'MTLS825',
      field: 'egress.hosts',
      actual: "without 'calls' and 'hosts'",
      expected: 'what the pods call',
      because: 'their sidecars would know nothing that they call',
      fix: "pass 'calls'; an empty list if they call nothing",
    });
  }
  return (calls ?? []).map((call) => {
    const object = apiObjectOf(call);
    if (object && (isService(object) || isServiceEntry(object)) && object.metadata.namespace) return object;
    throw refuse({
      code: 'MTLS825',
      field: 'egress.hosts',
      actual: `with ${shownConstruct(call)}`,
      expected: 'a Service (v1), a ServiceEntry or an ExternalService with a namespace',
      because: 'an entry is a namespace and a host',
      fix: "pass the Service itself, or its namespace and host in 'hosts'",
    });
  });
}

/** As in a Sidecar: `namespace/host`. */
function entriesOf(service: ApiObject, clusterDomain: string): string[] {
  const namespace = service.metadata.namespace!;
  const hosts = isServiceEntry(service) ? hostsOfEntry(service) : [serviceHost(service.name, namespace, clusterDomain)];
  return hosts.map((host) => `${namespace}/${host}`);
}

function ofWholeMesh(namespace: string, refuse: Refuse): Error {
  return refuse({
    code: 'MTLS825',
    field: 'metadata.namespace',
    actual: `the root namespace '${namespace}'`,
    expected: 'another namespace, or a workload',
    because: 'without a selector it would hold for every namespace that has no Sidecar',
    fix: "pass 'workload', or the namespace that is meant",
  });
}
