import { ApiObject } from 'cdk8s';
import { callOutcomes, DeclaredCall, unknownCalls } from './call-outcomes';
import { Caller, CallerIdentity } from './caller';
import { DeclaredScope } from './declared-scope';
import { GuardedService, isBehind } from './guarded-service';
import { refusedCalls } from './refused-calls';
import { renderConditions } from './request-conditions';
import { CallEnforcement } from '../../integration/call-enforcement';
import { MeshFacts } from '../../integration/mesh-facts';
import { DECLARED_CALLS } from '../../manifests/kinds';
import { apiObjectOf, shownConstruct } from '../api-object';
import {
  CalledService, constructOf, hostsOfEntry, isService, isServiceEntry, namedService, servicePorts,
} from '../networking/destination-host';
import { ICallable } from '../networking/services';
import { IWorkload } from '../pods';
import { checkMadeBy, Refuse, refusing } from '../refuse';
import { workloadObject } from '../workload-selection';

/** What a client may do with a Service that it calls. */
export interface CallOptions {
  /**
   * The **Service's** port that is called, 1 to 65535.
   *
   * @default - all ports of the Service; of `Services.named`, the port that it names
   */
  readonly port?: number;

  /**
   * The HTTP methods that the client may use, in uppercase. gRPC uses POST. At least one. Only for Services.
   *
   * @default - all methods
   */
  readonly methods?: string[];

  /**
   * The paths that the client may request, without a query, as in AllowedCallers. At least one. Only for Services.
   *
   * @default - all paths
   */
  readonly paths?: string[];

  /**
   * Whether the server lets **everybody** call the port, because the client presents no certificate: it has no sidecar, such as a
   * Prometheus. Requires `port`. The call may be plaintext; the port's mode must accept that.
   *
   * @default false
   */
  readonly withoutIdentity?: boolean;
}

/**
 * Istio's AuthorizationPolicy for Services, from the calls that clients make: a declared call is allowed, and **all other calls to
 * the Service are denied**.
 *
 * For each called Service of the app, emits one AuthorizationPolicy with action ALLOW, in the Service's namespace, which selects the
 * pods behind it and lists the container's ports; each caller is identified by the service account of its pods. With `calls` of
 * IstioMesh, this policy is a dry run, or isn't emitted; with its `sidecars`, each client gets a Sidecar for its calls. Writes the
 * annotation `calls.istio-mtls/to` on the client, by which the analysis and the command `istio-mtls` know that the client calls nothing
 * else. Fails the synth if a declared call isn't mutual TLS; to an external host, or with `withoutIdentity`, if it is broken or undecided.
 *
 * At synth, warns of the app's workloads that a policy locks out, and of those that it lets in though they don't declare the call,
 * because they share the service account of a caller.
 *
 * @throws if the client isn't a workload with a namespace, if the called isn't a Service or an external host, if a method or path is
 * invalid, if `withoutIdentity` is set without `port`, or if a caller outside the app calls what isn't a Service of the app; at synth,
 * if the Service has no selector or lacks the port, if the client or the server has no proxy, if methods or paths are set for a port
 * without HTTP, if what is called is in another mesh of the app, if another Sidecar is for the client's pods, or if the call isn't as it
 * should be
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { Calls, IstioMesh } from 'cdk8s-istio-mtls';
 *
 * const app = new App();
 * const mesh = new IstioMesh(new Chart(app, 'mesh'), 'mesh');
 * const shop = new Chart(app, 'shop', { namespace: 'shop' });
 * new kplus.Namespace(shop, 'namespace', { metadata: { name: 'shop', labels: mesh.injectionLabels } });
 * const serviceAccount = new kplus.ServiceAccount(shop, 'web-account');
 * const web = new kplus.Deployment(shop, 'web', { serviceAccount, containers: [{ image: 'web:1', portNumber: 8080 }] });
 * const cart = new kplus.Deployment(shop, 'cart', { containers: [{ image: 'cart:1', portNumber: 8080 }] });
 *
 * Calls.of(web).to(cart.exposeViaService({ ports: [{ port: 80, targetPort: 8080, name: 'http' }] }), { methods: ['GET'] });
 */
export class Calls {
  /**
   * The calls of a workload. Without `to`, it calls nothing.
   *
   * @param client a Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Argo Rollout or Pod, as a
   * construct of cdk8s-plus (any version) or an ApiObject; its chart must have a namespace
   */
  public static of(client: IWorkload): Calls {
    const object = workloadObject(client, 'client', refusing('Calls', ''), NEEDS_ACCOUNT);
    checkNamespace(object);
    annotate(object, []);
    return new Calls(Caller.workload(client), object);
  }

  /** The calls of callers outside the app: emits policies only. */
  public static by(caller: Caller): Calls {
    checkMadeBy('Caller', { field: 'caller', value: caller, member: '_identity' }, refusing('Calls', ''));
    return new Calls(caller);
  }

  private readonly scope?: DeclaredScope;

  private constructor(private readonly caller: Caller, private readonly client?: ApiObject) {
    const hasSidecar = client && MeshFacts.of(client).read('sidecars', { kind: 'Sidecar', path: client.node.path });
    this.scope = hasSidecar ? DeclaredScope.of(client) : undefined;
  }

  /**
   * Declares a call.
   *
   * For the Service of another app (`Services.named`), writes the annotation and emits no policy, because its pods aren't known here. Its
   * call is judged if `facts` of MtlsAnalysis contain the Service; otherwise the synth warns that it is undecided, or fails with
   * FailOn.UNDECIDED.
   *
   * @param service a Service of cdk8s-plus (any version), an ExternalService, or `Services.of` or `Services.named`
   * @returns this, so that calls can be chained
   */
  public to(service: ICallable, options: CallOptions = {}): Calls {
    const path = (this.client ?? constructOf(service))?.node?.path;
    const refuse = refusing('Calls', path ?? '');
    const called = calledService(service, refuse);
    const call = { called, name: nameOf(called), options, refuse };
    const { object } = called;
    checkOptions(call);
    if (object && isService(object)) this.allowIn(object, call);
    else if (!this.client) throw refuse(ofNoEffect(call));
    if (this.client) this.declare(this.client, call);
    const ports = options.port === undefined ? [] : [options.port];
    const because = 'clients call a port of the Service';
    if (object) servicePorts.add(object, { refuse, field: `${fieldOf(call)} port`, service: object, ports, because });
    return this;
  }

  private allowIn(service: ApiObject, call: NewCall): void {
    const { options, refuse } = call;
    const field = fieldOf(call);
    const caller = options.withoutIdentity ? undefined : this.identity(service, call);
    const conditions = renderConditions(options, refuse);
    const enforcement = enforcementOf(service);
    if (enforcement === CallEnforcement.NONE) return;
    const dryRun = enforcement === CallEnforcement.DRY_RUN;
    GuardedService.of(service, dryRun).allow({
      refuse, field, callerField: this.client ? 'client' : 'caller', caller, port: options.port, conditions,
    });
  }

  private identity(service: ApiObject, call: NewCall): CallerIdentity {
    const trustDomain = MeshFacts.of(service).read('trustDomain', { kind: 'AuthorizationPolicy', path: service.node.path });
    return this.caller._identity({ trustDomain, refuse: call.refuse, field: fieldOf(call) });
  }

  private declare(client: ApiObject, { called, name, options, refuse }: NewCall): void {
    const { object } = called;
    const port = options.port ?? called.port;
    const to = port === undefined ? name : `${name}:${port}`;
    annotate(client, [to]);
    this.scope?.add(called);
    const service = object && isService(object) ? object : undefined;
    const least = (object && !service) || options.withoutIdentity ? 'plaintext' : 'mtls';
    const isIdentified = service !== undefined && !options.withoutIdentity && enforcementOf(service) !== CallEnforcement.NONE;
    const call: DeclaredCall = {
      refuse, client, called: object, to, port, least, isIdentified, isOwn: () => service !== undefined && isBehind(service, client),
    };
    callOutcomes.add(client, call);
    refusedCalls.add(client, call);
    if (!object) unknownCalls.add(client, call);
  }
}

/** A call that is being declared. */
interface NewCall {
  readonly called: CalledService;
  /** `shop/cart`, or the host of a ServiceEntry. */
  readonly name: string;
  readonly options: CallOptions;
  readonly refuse: Refuse;
}

function enforcementOf(service: ApiObject): CallEnforcement | undefined {
  return MeshFacts.of(service).read('calls', { kind: 'AuthorizationPolicy', path: service.node.path });
}

/** How errors name a call. */
function fieldOf({ name }: NewCall): string {
  return `to(${name})`;
}

function ofNoEffect({ called: { object }, name }: NewCall): Parameters<Refuse>[0] {
  return {
    code: 'API861',
    field: 'to',
    actual: `${object ? 'external host' : 'Service'} ${name}${object ? '' : ', which isn\'t in the app'}`,
    expected: 'a Service of the app',
    because: 'only a policy lets in callers from outside the app, and none is emitted for it',
    fix: 'remove the call, or declare it with Calls.of(workload)',
  };
}

const NEEDS_ACCOUNT = {
  lacks: 'isn\'t a workload',
  because: 'a client is known by the service account of its pod template, and its calls are written on it',
  fix: 'pass the workload\'s construct, or Calls.by(Caller.serviceAccount(…)) for callers outside the app',
};

function checkNamespace({ kind, name, node: { path }, metadata: { namespace } }: ApiObject): void {
  if (namespace) return;
  throw refusing('Calls', path)({
    code: 'API004',
    field: 'client',
    actual: `${kind} ${name}, which has no namespace`,
    expected: 'a workload with a namespace',
    because: 'the namespace is part of the client\'s identity',
    fix: 'set the namespace of the workload\'s chart',
  });
}

/** Adds calls to those that the annotation lists. */
function annotate(client: ApiObject, calls: readonly string[]): void {
  const known = String(client.metadata.toJson()?.annotations?.[DECLARED_CALLS] ?? '').split(', ').filter(Boolean);
  client.metadata.addAnnotation(DECLARED_CALLS, [...new Set([...known, ...calls])].join(', '));
}

function calledService(service: ICallable, refuse: Refuse): CalledService {
  const named = namedService(service, 'to', refuse);
  if (named) return named;
  const given = constructOf(service);
  const object = apiObjectOf(given);
  const isOne = object && (isService(object) ? object.metadata.namespace !== undefined
    : isServiceEntry(object) && hostsOfEntry(object).length === 1);
  if (isOne) return { object, name: object.name, namespace: object.metadata.namespace };
  throw refuse({
    code: 'API852',
    field: 'to',
    actual: shownConstruct(given),
    expected: 'a Service with a namespace, or an ExternalService or ServiceEntry with one host',
    because: 'clients call these',
    fix: object && isService(object) ? 'set the namespace of the Service\'s chart' : 'pass the Service in front of it',
  });
}

function nameOf({ object, name, namespace }: CalledService): string {
  return object && isServiceEntry(object) ? hostsOfEntry(object)[0] : `${namespace}/${name}`;
}

function checkOptions(call: NewCall): void {
  const { called: { object }, options: { port, methods, paths, withoutIdentity }, refuse } = call;
  if (withoutIdentity && port === undefined) {
    throw refuse({
      code: 'API853',
      field: `${fieldOf(call)} withoutIdentity`,
      actual: 'set without a port',
      expected: 'the port that everybody may call',
      because: 'it opens a port to everybody who can reach it, and no other port should be open by accident',
      fix: 'pass \'port\'',
    });
  }
  if ((object && isService(object)) || (methods === undefined && paths === undefined)) return;
  throw refuse({
    code: 'API854',
    field: `${fieldOf(call)} ${methods === undefined ? 'paths' : 'methods'}`,
    actual: object ? 'set for an external host' : 'set for a Service that isn\'t in the app',
    expected: 'no methods or paths',
    because: 'no policy is emitted for it, which would enforce them',
    fix: 'remove it',
  });
}
