import { DECLARED_CALLS, WorkloadKinds } from '../../manifests/kinds';
import { labelsOf, Mapping, mapping, mappings, text } from '../../manifests/mapping';

/** What a workload's annotation says of its calls. */
export interface ClientDeclaration {
  readonly index: number;
  /** The principal of its pods. */
  readonly identity: string;
  readonly entries: readonly string[];
}

/** An entry as Calls writes it. */
const ENTRY = /^(?:[a-z\d-]+\/)?[a-z\d*][a-z\d.*-]*(?::\d{1,5})?$/;

/** The annotations that are written as Calls writes them: any others stay as they are. */
export function declarationsIn(
  objects: readonly Mapping[], indices: readonly number[], trustDomain: string,
): readonly ClientDeclaration[] {
  return indices.flatMap((index) => {
    const { namespace, annotations } = mapping(objects[index].metadata);
    const [value, template] = [mapping(annotations)[DECLARED_CALLS], podTemplateOf(objects[index])];
    if (typeof value !== 'string') return [];
    const entries = value === '' ? [] : value.split(', ');
    if (text(namespace) === undefined || template === undefined) return [];
    if (!entries.every((entry) => ENTRY.test(entry)) || new Set(entries).size < entries.length) return [];
    const { serviceAccountName, serviceAccount } = mapping(template.spec);
    const account = text(serviceAccountName) ?? text(serviceAccount) ?? 'default';
    return [{ index, identity: `${trustDomain}/ns/${namespace as string}/sa/${account}`, entries }];
  });
}

/** Whether an object has the annotation. */
export function isDeclaring({ metadata }: Mapping): boolean {
  return mapping(mapping(metadata).annotations)[DECLARED_CALLS] !== undefined;
}

/** An object without the annotation. */
export function withoutDeclaration(object: Mapping): Mapping {
  const { [DECLARED_CALLS]: _, ...annotations } = mapping(mapping(object.metadata).annotations);
  return { ...object, metadata: { ...mapping(object.metadata), annotations } };
}

/**
 * The container ports that Calls lists for a port of a Service, or for all; undefined: a named one isn't found, or the Service is
 * headless and its port differs from the target, so that they depend on the caller.
 */
export function portsBehind(service: Mapping, port: number | undefined, objects: readonly Mapping[]): readonly number[] | undefined {
  const { selector, ports, clusterIP } = mapping(service.spec);
  const { namespace } = mapping(service.metadata);
  const called = mappings(ports).filter((one) => port === undefined || one.port === port);
  const found = called.flatMap(({ port: number, targetPort = number }) => {
    const targets = typeof targetPort !== 'string' ? [Number(targetPort)]
      : objects.filter((object) => mapping(object.metadata).namespace === namespace)
        .flatMap((object) => portsNamed(targetPort, podTemplateOf(object), labelsOf(selector)));
    return targets.length === 0 || (clusterIP === 'None' && !targets.includes(Number(number))) ? [undefined] : targets;
  });
  return found.includes(undefined) ? undefined : [...new Set(found as readonly number[])];
}

function portsNamed(name: string, template: Mapping | undefined, selector: Readonly<Record<string, string>>): readonly number[] {
  const [labels, { containers, initContainers }] = [labelsOf(mapping(template?.metadata).labels), mapping(template?.spec)];
  if (!Object.entries(selector).every(([key, value]) => labels[key] === value)) return [];
  return [...mappings(containers), ...mappings(initContainers)].flatMap(({ ports }) => mappings(ports))
    .flatMap((port) => (port.name === name && typeof port.containerPort === 'number' ? [port.containerPort] : []));
}

function podTemplateOf(object: Mapping): Mapping | undefined {
  const kind = WorkloadKinds.BUILT_IN.of(object);
  const template = kind?.podTemplate.reduce<Mapping>((value, step) => mapping(value[step]), object);
  return template === undefined || Object.keys(template).length === 0 ? undefined : template;
}
