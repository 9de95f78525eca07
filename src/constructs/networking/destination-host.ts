import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ICallable, portNumbersOf, Services } from './services';
import { isDnsLabel } from '../../admission/metadata/kubernetes-names';
import { isIstioDnsLabel } from '../../admission/webhook/values/hosts';
import type { MeshManifests } from '../../integration/app-manifests';
import { checkOwnValue } from '../../integration/one-copy';
import { mapping } from '../../manifests/mapping';
import { apiObjectOf, shownConstruct } from '../api-object';
import { AppCheck, textsIn } from '../app-check';
import { checkedNamespace } from '../namespace';
import { checkPortNumbers, refuseNonText, Refuse, valueWord } from '../refuse';

/** The host that a user passed: a name, a Service or a ServiceEntry. Exactly one, which untyped languages don't enforce. */
export interface DestinationTarget {
  readonly host?: string;
  readonly service?: ICallable;
}

const WILDCARD_LABEL = /^(\*|(\*-?)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;

/** How errors name what takes a Service or a host. */
export interface TargetWords {
  readonly field: string;
  /** The class that takes a host by its name. */
  readonly construct: string;
}

/** A Service, or an external host, that a user passed. */
export interface CalledService {
  /** Undefined if it isn't in the app. */
  readonly object?: ApiObject;
  readonly name: string;
  readonly namespace?: string;
  /** The port that the user named with it. */
  readonly port?: number;
}

/** The Service of a host; undefined if the host is given by name. */
export function serviceOf({ host, service }: DestinationTarget, construct: string, refuse: Refuse): CalledService | undefined {
  if (isGiven(host) === Boolean(service)) {
    throw refuse({
      code: 'API020',
      field: 'host',
      actual: service ? "given together with 'service'" : 'missing',
      expected: service ? 'exactly one of them' : 'a host name',
      fix: service ? 'remove one of them' : `pass a host name, or the Service's construct to ${construct}.ofService`,
    });
  }
  return service && checkedService(service, { field: 'service', construct }, refuse);
}

function isGiven(host: unknown): boolean {
  return host !== undefined && host !== null;
}

/** The Service or ServiceEntry that a user passed. */
export function checkedService(service: ICallable, { field, construct }: TargetWords, refuse: Refuse): CalledService {
  const named = namedService(service, field, refuse);
  if (named) return named;
  const given = constructOf(service);
  const object = apiObjectOf(given);
  if (!object || !(isService(object) || isServiceEntry(object))) {
    throw refuse({
      code: 'API021',
      field,
      actual: shownConstruct(given),
      expected: 'a Service (v1), a ServiceEntry or an ExternalService',
      fix: `pass the Service itself, or its host name to new ${construct}`,
    });
  }
  const { name, metadata: { namespace } } = object;
  if (isServiceEntry(object)) return { object: checkedEntry(object, { field, construct }, refuse), name, namespace };
  if (!namespace) {
    throw refuse({
      code: 'API004',
      field,
      actual: `Service ${name}, which has no namespace`,
      expected: 'a Service with a namespace',
      because: 'the namespace is part of the host name',
      fix: "set the namespace of the Service's chart",
    });
  }
  return { object, name, namespace };
}

function checkedEntry(entry: ApiObject, { field, construct }: TargetWords, refuse: Refuse): ApiObject {
  const hosts = hostsOfEntry(entry);
  if (hosts.length === 1) return entry;
  throw refuse({
    code: 'API021',
    field,
    actual: `ServiceEntry ${entry.name} with ${hosts.length === 0 ? 'no host' : `the hosts '${hosts.join("', '")}'`}`,
    expected: 'a ServiceEntry with a single host',
    because: 'a rule is for one host',
    fix: `pass one host name to new ${construct}`,
  });
}

/** The construct that a user passed, directly or with `Services.of`. */
export function constructOf(service: ICallable): IConstruct {
  return (service instanceof Services ? service._service : service) as IConstruct;
}

/** The Service that a user named; undefined if it is a construct of the app. */
export function namedService(service: ICallable, field: string, refuse: Refuse): CalledService | undefined {
  if (!(service instanceof Services)) {
    if (!Construct.isConstruct(service)) checkOwnValue(field, service, refuse);
    return undefined;
  }
  if (!service._named) return undefined;
  const { namespace, name, port } = service._named;
  checkedNamespace(namespace, refuse, `${field}.namespace`);
  if (typeof name !== 'string' || !isDnsLabel(name)) {
    throw refuse({
      code: 'API022',
      field: `${field}.name`,
      actual: valueWord(name),
      expected: 'the name of a Service: at most 63 lowercase letters, digits and dashes',
      because: 'no other Service can exist',
      fix: 'correct the name, without the namespace',
    });
  }
  checkPortNumbers([port], { field: `${field}.port`, entry: 'entry', owner: 'Service' }, refuse);
  return { name, namespace, port };
}

/** Whether it is a Service of Kubernetes. */
export function isService({ kind, apiGroup }: ApiObject): boolean {
  return kind === 'Service' && apiGroup === 'core';
}

export function isServiceEntry({ kind, apiGroup }: ApiObject): boolean {
  return kind === 'ServiceEntry' && apiGroup === 'networking.istio.io';
}

/** The hosts of a ServiceEntry, as they are now. */
export function hostsOfEntry(entry: ApiObject): string[] {
  return textsIn(entry.toJson().spec?.hosts);
}

/** The host that clients call: that of a Service, or of a ServiceEntry with one host. */
export function hostOf({ object, name, namespace }: CalledService, clusterDomain: string): string {
  return object && isServiceEntry(object) ? hostsOfEntry(object)[0] : qualifiedServiceHost(name, namespace!, clusterDomain);
}

/** The full host name of a Service. */
export function qualifiedServiceHost(name: string, namespace: string, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

/**
 * The fully qualified host name. Istio resolves a name without a dot in the namespace of the object, so the same name
 * would mean another host in an object of another namespace.
 */
export function qualifiedHost(host: string, namespace: string, clusterDomain: string): string {
  return host === '*' || host.includes('.') ? host : qualifiedServiceHost(host, namespace, clusterDomain);
}

/** The short name of a host, for objects in its Service's namespace; undefined if the host isn't a Service in that namespace. */
export function shortHost(host: string, namespace: string, clusterDomain: string): string | undefined {
  const suffix = `.${namespace}.svc.${clusterDomain}`;
  const name = host.slice(0, -suffix.length);
  return host.endsWith(suffix) && /^[^.*]+$/.test(name) ? name : undefined;
}

/** The short name of a host where a user requests it. */
export function askedShortHost(host: string, namespace: string, clusterDomain: string, refuse: Refuse): string {
  const short = shortHost(host, namespace, clusterDomain);
  if (short !== undefined) return short;
  throw refuse({
    code: 'API022',
    field: 'host',
    actual: `'${host}' together with 'shortHost'`,
    expected: `a Service of namespace '${namespace}'`,
    because: 'Istio resolves a short name in the namespace of the object',
    fix: "remove 'shortHost'",
  });
}

/**
 * Rejects invalid host names, and those that Istio reads literally although they are cut short or have uppercase
 * letters, so that they match no Service.
 */
export function checkHost(host: string, refuse: Refuse, given: string = host): void {
  refuseNonText('host', given, 'API022', refuse);
  const [first, ...others] = host.split('.');
  const labels = others.at(-1) === '' ? others.slice(0, -1) : others;
  const valid = host.length <= 255 && first.length <= 63 && WILDCARD_LABEL.test(first)
    && labels.every(isIstioDnsLabel) && !/^\d+$/.test(others.at(-1) ?? '');
  const ofService = host.includes('.svc.') || host.endsWith('.svc');
  const mended = host.endsWith('.svc') ? `${host}.cluster.local` : host;
  if (valid && (!ofService || host === mended.toLowerCase())) return;
  throw refuse({
    code: 'API022',
    field: 'host',
    actual: given === host ? `'${host}'` : `'${given}', in full '${host}'`,
    expected: 'a fully qualified host name, the short name of a Service, or a name whose first label is *',
    because: valid
      ? "Istio doesn't complete names with dots, and compares case: the rule would match nothing"
      : 'istiod rejects other names',
    fix: valid ? `write '${mended.toLowerCase()}'` : 'correct the name',
  });
}

/** Ports of a Service that a construct lists. */
export interface NamedPorts {
  readonly refuse: Refuse;
  /** The field that lists them, as in YAML. */
  readonly field: string;
  /** Undefined if the user gave only its host, or for a host that isn't in the app. */
  readonly service?: ApiObject;
  /** The host to look up among the mesh's Services if there is no `service`. */
  readonly host?: string;
  readonly ports: readonly number[];
  /**
   * Why another port is wrong.
   *
   * @default - Istio takes the number as that of the Service's port
   */
  readonly because?: string;
}

/** Checks at synth whether the Services of an app have the listed ports. */
export const servicePorts = new AppCheck<NamedPorts>((members, mesh) => members.flatMap(({ refuse, field, ports, because, ...named }) => {
  const service = ports.length === 0 ? undefined : serviceIn(mesh, named);
  if (!service) return [];
  const known = portNumbersOf(service);
  return [...new Set(ports)].filter((port) => !known.includes(port)).map((port) => refuse({
    code: 'API036',
    field,
    actual: `for port ${port}`,
    expected: `a port of ${service.kind} ${service.name}: ${known.join(', ') || 'it has none'}`,
    because: because ?? `Istio uses the ${service.kind}'s port here, not the ${isService(service) ? "container's" : 'target port'}, `
      + 'and ignores an unknown one',
    fix: `pass the ${service.kind}'s port number`,
  }).message);
}));

const byHost = new WeakMap<MeshManifests, ReadonlyMap<string, ApiObject>>();

/** The Service that a user passed, or that of the same mesh with the host that a user wrote. */
export function serviceIn(mesh: MeshManifests, { service, host }: Pick<NamedPorts, 'service' | 'host'>): ApiObject | undefined {
  if (service || host === undefined) return service;
  let services = byHost.get(mesh);
  if (!services) byHost.set(mesh, services = servicesByHost(mesh));
  return services.get(host);
}

function servicesByHost({ facts, manifests }: MeshManifests): ReadonlyMap<string, ApiObject> {
  const clusterDomain = facts.shared('clusterDomain');
  return new Map(manifests.filter(({ apiObject }) => isService(apiObject)).map(({ apiObject, manifest }) => {
    const { name, namespace } = mapping(manifest.metadata);
    return [qualifiedServiceHost(String(name), String(namespace), clusterDomain), apiObject];
  }));
}
