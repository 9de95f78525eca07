import { nearest } from '../../findings/nearest';
import { CONSTRUCT_PATH } from '../../manifests/kinds';
import { compareNames, MeshObject, ObjectName } from '../inventory/object';
import { Mesh } from '../mesh';
import { Call } from '../model/call';
import { dnsName } from '../names/hosts';
import { selects } from '../names/labels';
import { connectable, Service } from '../services/service';
import { Workload } from '../workloads/workload';

/** The context in which a name is resolved. */
export interface NameContext {
  /** The namespace that is tried first for a name without one. */
  readonly namespace?: string;
  /** The paths of the constructs that emit objects; those that the objects themselves state are known without it. */
  readonly paths?: ReadonlyMap<object, string>;
}

/** Labels that name a workload's application. */
const NAME_LABELS = ['app', 'app.kubernetes.io/name', 'service.istio.io/canonical-name'];

/** The hash that cdk8s appends to a construct's path to name its object. */
const PATH_HASH = /-c8[\da-f]{6}$/;

type Test<T> = (one: T) => boolean;

/** The workloads that a text names: by name, else by a label that names their application, else by a construct's path. */
export function workloadsCalled(
  { workloads }: Pick<Mesh, 'workloads'>, text: string, { namespace, paths }: NameContext = {},
): readonly Workload[] {
  const labelled: Test<Workload> = (one) => NAME_LABELS.some((label) => isCalled(text, { ...one, name: one.labels[label] ?? '' }));
  return firstTaken(workloads, [
    (one) => isNamedInFull(text, one),
    (one) => one.namespace === namespace && text === one.name,
    (one) => isCalled(text, one),
    (one) => one.namespace === namespace && labelled(one),
    labelled,
    ...constructTests(text, paths),
  ]);
}

/** The calls to a host or Service that a text names, resolved like {@link workloadsCalled}; also by its address or short host. */
export function callsCalled({ decisions: { calls } }: Mesh, text: string, { namespace, paths }: NameContext = {}): readonly Call[] {
  const served = (test: Test<Call['services'][number]>): Test<Call> => ({ services }) => services.some(test);
  return firstTaken(calls, [
    ({ host, services }) => host === text || services.some(({ object }) => isNamedInFull(text, object)),
    served(({ addresses }) => addresses.includes(text.replace(/^\[(.*)\]$/, '$1'))),
    served((one) => one.namespace === namespace && text === one.name),
    served((one) => isCalled(text, one.object) || (one.registry === 'Kubernetes' && text === `${one.name}.${one.namespace}.svc`)),
    ({ host }) => dnsName(host) === dnsName(text),
    ...constructTests(text, paths).map(served),
  ]);
}

/** The Services and ServiceEntries of a name to which no call can be made. */
export function uncallable({ registry: { services } }: Mesh, text: string): readonly Service[] {
  return services.filter((service) => connectable(service).length === 0)
    .filter(({ host, object }) => dnsName(host) === dnsName(text) || isCalled(text, object));
}

/** The items that pass the first test which any item passes. */
function firstTaken<T>(all: readonly T[], tests: readonly Test<T>[]): readonly T[] {
  for (const test of tests) {
    const found = all.filter(test);
    if (found.length > 0) return found;
  }
  return [];
}

function isNamedInFull(text: string, { kind, namespace, name }: ObjectName): boolean {
  return text === `${namespace}/${name}` || text.toLowerCase() === `${kind.toLowerCase()}/${namespace}/${name}`;
}

/** Whether the text is the object's name: alone, with its namespace, in the order of DNS, or as `kind/name` like kubectl. */
function isCalled(text: string, { kind, namespace, name }: ObjectName): boolean {
  return name !== '' && (text === name || text === `${name}.${namespace}` || text === `${namespace}/${name}`
    || text.toLowerCase() === `${kind.toLowerCase()}/${name}`);
}

/**
 * The only object whose name cdk8s derived from a path that ends with the text, apart from its hash, with the namespace or without:
 * `web-v1` is that of `shop-web-v1-c86bb3cb`. Of several, none is meant.
 */
export function derivedName<T extends ObjectName>(text: string, all: readonly T[]): T | undefined {
  const [first, ...others] = new Set(all.filter(({ namespace, name }) => {
    const id = text.startsWith(`${namespace}/`) ? text.slice(namespace!.length + 1) : text;
    return id !== '' && !id.includes('/') && PATH_HASH.test(name) && `-${name.replace(PATH_HASH, '')}`.endsWith(`-${id}`);
  }));
  return others.length === 0 ? first : undefined;
}

/**
 * Whether the text names the construct that emits an object, or one around it: by its path, which the app or the object's annotation
 * states; else by the name that cdk8s derives from it.
 */
function constructTests(text: string, paths: NameContext['paths']): readonly Test<{ readonly object: MeshObject }>[] {
  if (!text.includes('/')) return [];
  const pathOf = ({ source, annotations }: MeshObject): string | undefined => paths?.get(source) ?? annotations[CONSTRUCT_PATH];
  const stem = text.toLowerCase().replaceAll('/', '-').replace(/[^\da-z-]/g, '');
  return [
    ({ object }) => `${pathOf(object) ?? ''}/`.startsWith(`${text}/`),
    ({ object }) => pathOf(object) === undefined && PATH_HASH.test(object.name)
      && `${object.name.replace(PATH_HASH, '')}-`.startsWith(`${stem}-`),
  ];
}

/** How many names are suggested. */
const FEW = 3;

/** Suggestions for a mistyped name, the nearest first: the same name elsewhere, or a similar one. */
export function nearestNames(text: string, candidates: readonly ObjectName[]): readonly ObjectName[] {
  const last = text.slice(text.lastIndexOf('/') + 1);
  const found = candidates.filter(({ name }) => name === last).sort(compareNames);
  const others = new Map<string, ObjectName>();
  const isFull = text.includes('/');
  for (const one of candidates) {
    if (found.includes(one)) continue;
    for (const known of isFull ? [`${one.namespace}/${one.name}`] : [one.name, `${one.name}.${one.namespace}`]) {
      if (!others.has(known)) others.set(known, one);
    }
  }
  while (found.length < FEW) {
    const meant = nearest(text, others.keys());
    if (meant === undefined) break;
    const one = others.get(meant)!;
    found.push(one);
    for (const [known, other] of [...others]) if (other === one) others.delete(known);
  }
  return found.slice(0, FEW);
}

/** Suggestions of the other kind: services of a workload that the text names, or workloads of a Service that it names. */
export function servicesBefore(mesh: Mesh, text: string, context: NameContext): readonly ObjectName[] {
  const workloads = workloadsCalled(mesh, text, context);
  const before = mesh.registry.services.filter((service) => workloads.some((one) => isBehind(one, service)));
  return [...new Set(before.map(({ object }) => object))].slice(0, FEW);
}

export function workloadsBehind(mesh: Mesh, text: string, context: NameContext): readonly Workload[] {
  const services = callsCalled(mesh, text, context).flatMap((call) => call.services);
  return mesh.workloads.filter((one) => services.some((service) => isBehind(one, service))).slice(0, FEW);
}

function isBehind({ namespace, labels }: Workload, { selector, namespace: home }: Service): boolean {
  return selector !== undefined && namespace === home && selects(selector, labels);
}
