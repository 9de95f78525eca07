import { ApiObject, Lazy } from 'cdk8s';
import { authorizationPolicy } from './allowed-callers';
import { callWarnings } from './call-warnings';
import { CallerIdentity } from './caller';
import { guardedWorkloads } from './guarded-workloads';
import { RenderedConditions } from './request-conditions';
import { manifestOf } from '../../integration/app-manifests';
import { WorkloadKinds } from '../../manifests/kinds';
import { isMapping, labelsOf, Mapping, mapping } from '../../manifests/mapping';
import { podLabels, podTemplateOf } from '../pod-template';
import { Refuse } from '../refuse';

/** A declared call to a Service, as its policy allows it. */
export interface AllowedCall {
  readonly refuse: Refuse;
  /** How errors name the call, such as `to(shop/cart)`. */
  readonly field: string;
  /** How errors name the caller: `client`. */
  readonly callerField: string;
  /** The caller's certificate; undefined if it needs none. */
  readonly caller?: CallerIdentity;
  /** The Service's port; undefined for all. */
  readonly port?: number;
  readonly conditions: RenderedConditions;
}

/** The fix for a client that shall have no proxy. */
const STAY_WITHOUT = 'pass \'port\' and \'withoutIdentity\', which opens that port to everybody, and if it is STRICT, add a '
  + 'WorkloadOverride with mode PERMISSIVE for it';

/** The id of a Service's policy below it. */
export const CALLERS_ID = 'Callers';

/** The name of a Service's policy. It follows from the Service alone, so that moving constructs doesn't replace the policy. */
export function callersPolicyName(serviceName: string): string {
  return `${serviceName}-callers`;
}

/** A Service that declared calls are for, and the policy that allows only them: one for each Service, made with its first call. */
export class GuardedService {
  /** @param dryRun whether its policy denies nothing */
  public static of(service: ApiObject, dryRun: boolean): GuardedService {
    let found = GUARDED.get(service);
    if (!found) GUARDED.set(service, found = new GuardedService(service, dryRun));
    return found;
  }

  private readonly calls: AllowedCall[] = [];
  private readonly policy: ApiObject;

  private constructor(private readonly service: ApiObject, dryRun: boolean) {
    const metadata = { namespace: service.metadata.namespace!, name: callersPolicyName(service.name), dryRun };
    this.policy = new ApiObject(service, CALLERS_ID, authorizationPolicy(metadata, {
      selector: Lazy.any({ produce: () => ({ matchLabels: this.selector() }) }),
      action: 'ALLOW',
      rules: Lazy.any({ produce: () => this.rules() }),
    }));
    callWarnings.add(this.policy, {
      service,
      policy: this.policy,
      calls: () => this.calls.map((call) => (
        { caller: call.caller, ports: this.containerPorts(call), operation: call.conditions.operation })),
    });
  }

  /** Allows a call; all that aren't allowed are denied. */
  public allow(call: AllowedCall): void {
    const { refuse, field, caller, conditions: { ofHttp } } = call;
    this.calls.push(call);
    guardedWorkloads.add(this.policy, {
      refuse,
      apiObject: this.policy,
      namespace: this.service.metadata.namespace!,
      labels: () => this.selector(),
      ports: () => this.containerPorts(call),
      isExcept: false,
      ofHttp: ofHttp === undefined ? undefined : {
        field: `${field} ${ofHttp}`, fix: 'pass the \'port\' of an HTTP port, or correct the port\'s name or appProtocol in the Service',
      },
      callers: caller?.workload ? [{ field: call.callerField, workload: caller.workload, otherwise: STAY_WITHOUT }] : [],
    });
  }

  /** One rule for all callers that may do the same. */
  private rules(): object[] {
    const callers = new Map<string, { readonly operation: object; readonly from: CallerIdentity[] }>();
    for (const call of this.calls) {
      const { caller, conditions } = call;
      const ports = this.containerPorts(call).map(String);
      // API036 refuses a port that the Service lacks.
      if (ports.length === 0) continue;
      const operation = { ports, ...definedIn(conditions.operation) };
      const key = JSON.stringify([operation, caller?.list]);
      const alike = callers.get(key) ?? { operation, from: [] };
      callers.set(key, alike);
      if (caller) alike.from.push(caller);
    }
    return [...callers.values()].map(({ operation, from }) => ({
      ...from.length > 0 && { from: [{ source: { [from[0].list]: [...new Set(from.map(({ value }) => value()))] } }] },
      to: [{ operation }],
    }));
  }

  /** The labels of the pods behind the Service. */
  private selector(): Record<string, string> {
    const labels = labelsOf(mapping(this.spec().selector)) as Record<string, string>;
    if (Object.keys(labels).length > 0) return labels;
    const [{ refuse, field }] = this.calls;
    if (this.spec().type === 'ExternalName') throw refuse(ofExternalName(this.service, field));
    throw refuse({
      code: 'API850',
      field,
      actual: `Service ${this.service.name}, which has no selector`,
      expected: 'a Service with a selector',
      because: 'a policy selects the pods behind it by their labels, and an empty selector selects the whole namespace',
      fix: 'add a selector to the Service, or use AllowedCallers for the workload behind it',
    });
  }

  /** The ports on which pods get a call. */
  private containerPorts(call: AllowedCall): readonly number[] {
    const called = listed(this.spec().ports).filter(({ port }) => call.port === undefined || port === call.port);
    const numbers = called.flatMap(({ port, targetPort = port, protocol }) => {
      const targets = typeof targetPort === 'string' ? this.portsNamed(targetPort, call) : [Number(targetPort)];
      const isTranslated = !isHeadless(this.service) || !isTcp(protocol);
      return isTranslated || targets.includes(Number(port)) ? targets : this.untranslated(Number(port), targets, call);
    });
    return [...new Set(numbers)];
  }

  /** Sidecars send a call to a headless Service to the port that the client dials, gateways to the target port. */
  private untranslated(port: number, targets: readonly number[], { caller, refuse, field }: AllowedCall): readonly number[] {
    if (caller && !caller.workload) return [port, ...targets];
    const behind = workloadsIn(this.service, this.selector()).map((workload) => containerPorts(podTemplateOf(workload)));
    if (behind.length === 0 || hasTcpPort(behind.flat(), port)) return [port];
    throw refuse({
      code: 'API863',
      field,
      actual: `port ${port} of the headless Service ${this.service.name}, whose targetPort is ${targets.join(' and ')}`,
      expected: `port ${targets[0]}`,
      because: `a headless Service's name stands for its pods' addresses: calls reach their port ${port}, and targetPort has no effect`,
      fix: `set the Service's port to ${targets[0]}, or add containerPort ${port} to its pods if they listen on it`,
    });
  }

  private portsNamed(name: string, { refuse, field }: AllowedCall): readonly number[] {
    const found = workloadsIn(this.service, this.selector()).flatMap((workload) => containerPorts(podTemplateOf(workload)))
      .flatMap((port) => (port.name === name && typeof port.containerPort === 'number' ? [port.containerPort] : []));
    if (found.length > 0) return found;
    throw refuse({
      code: 'API851',
      field,
      actual: `Service ${this.service.name}, whose targetPort '${name}' no container of the app has behind it`,
      expected: 'a port with that name in a workload that the Service selects',
      because: 'a policy lists the container\'s port by its number',
      fix: 'name the container\'s port so, or write the number as targetPort',
    });
  }

  private spec(): Mapping {
    return mapping(manifestOf(this.service).spec);
  }
}

function ofExternalName({ name }: ApiObject, field: string): Parameters<Refuse>[0] {
  return {
    code: 'API850',
    field,
    actual: `Service ${name} of type ExternalName, which has no pods`,
    expected: 'a Service with a selector',
    because: 'a policy selects the pods behind it',
    fix: 'declare the call to the Service that it names, or to an ExternalService for a host outside the mesh',
  };
}

const GUARDED = new WeakMap<ApiObject, GuardedService>();

function isHeadless(service: ApiObject): boolean {
  return mapping(manifestOf(service).spec).clusterIP === 'None';
}

/** Whether a workload's pods are behind a Service, as they are now. */
export function isBehind(service: ApiObject, workload: ApiObject): boolean {
  const selector = labelsOf(mapping(mapping(manifestOf(service).spec).selector)) as Record<string, string>;
  return Object.keys(selector).length > 0 && workload.metadata.namespace === service.metadata.namespace && hasLabels(workload, selector);
}

/** The app's workloads in a Service's namespace whose pods have all of these labels. */
function workloadsIn({ node: { root }, metadata: { namespace } }: ApiObject, selector: Record<string, string>): readonly ApiObject[] {
  return root.node.findAll()
    .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct) && construct.metadata.namespace === namespace)
    .filter((object) => WorkloadKinds.BUILT_IN.of(object) !== undefined && hasLabels(object, selector));
}

function hasLabels(workload: ApiObject, selector: Record<string, string>): boolean {
  const labels = podLabels(workload);
  return Object.keys(selector).every((key) => labels[key] === selector[key]);
}

/** The ports of a pod template's containers. */
function containerPorts(template: Mapping | undefined): readonly Mapping[] {
  const { containers, initContainers } = mapping(template?.spec);
  return [...listed(containers), ...listed(initContainers)].flatMap(({ ports }) => listed(ports));
}

function hasTcpPort(ports: readonly Mapping[], port: number): boolean {
  return ports.some(({ containerPort, protocol }) => containerPort === port && isTcp(protocol));
}

/** Whether a port with this `protocol` is for TCP, which is the default. Policies and proxies ignore others. */
function isTcp(protocol: unknown): boolean {
  return protocol === undefined || protocol === 'TCP';
}

function listed(value: unknown): readonly Mapping[] {
  return Array.isArray(value) ? value.filter(isMapping) : [];
}

function definedIn(lists: object): object {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined));
}
