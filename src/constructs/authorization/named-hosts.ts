import { Mapping, mapping, mappings, text } from '../../manifests/mapping';
import type { Workload } from '../../mesh/workloads/workload';
import { textsIn } from '../app-check';

/** A Service as clients may spell it. */
export interface SpelledService {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly number[];
  readonly clusterDomain: string;
}

/** A text in a pod template, and how a warning names its field. */
interface TemplateText {
  readonly field: string;
  readonly value: string;
}

/** Where a client's pod template names a Service: `env CART_URL`; undefined if it doesn't. */
export function fieldNaming(client: Workload, service: SpelledService): string | undefined {
  return textsOf(client).find(({ value }) => names(value.toLowerCase(), client, service))?.field;
}

/** The environment variables and arguments of the containers. */
function textsOf({ podSource: { object, field } }: Workload): readonly TemplateText[] {
  const template = field.reduce<Mapping>((value, step) => mapping(value[step]), mapping(object.source));
  const { containers, initContainers } = mapping(template.spec);
  return [...mappings(containers), ...mappings(initContainers)].flatMap(({ env, args, command }) => [
    ...mappings(env).map(({ name, value }) => ({ field: `env ${text(name) ?? ''}`, value: text(value) ?? '' })),
    ...textsIn(args).map((value) => ({ field: 'args', value })),
    ...textsIn(command).map((value) => ({ field: 'command', value })),
  ]);
}

/** Whether a text has the Service's name as a host: a short name counts only in a URL or before a port of the Service. */
function names(value: string, client: Workload, { namespace, name, ports, clusterDomain }: SpelledService): boolean {
  if (!value.includes(name)) return false;
  const long = [`${name}.${namespace}.svc`, `${name}.${namespace}.svc.${clusterDomain}`];
  const short = [`${name}.${namespace}`, ...client.namespace === namespace ? [name] : []];
  return value.split(BETWEEN_HOSTS).some((word) => {
    const [host, port] = word.split(':');
    if (long.includes(host)) return true;
    return short.includes(host) && (value.includes(`//${word}`) || ports.includes(Number(port)));
  });
}

/** Characters that no host with a port has. */
const BETWEEN_HOSTS = /[^a-z\d.:-]+/;
