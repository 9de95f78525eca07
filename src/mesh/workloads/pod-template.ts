import { NETWORK_VARIABLE } from '../config/proxy-config';
import { Labels } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';
import { integer, labelsOf, Shape, shape, shapes, text, texts } from '../objects/shape';

/** The pods that a workload makes, as its manifest describes them. */
export interface PodTemplate {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  readonly containers: readonly Container[];
}

export interface Container {
  readonly name: string;
  /** Command and arguments. */
  readonly words: readonly string[];
  readonly ports: readonly ContainerPort[];
  /** The network that it tells a proxy to be on. */
  readonly network?: string;
  /** An init container that runs on beside the others (`restartPolicy: Always`), or a container proper. */
  readonly runs: boolean;
}

export interface ContainerPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: string;
}

/** The kinds that make pods, with the way to their pod template. */
const TEMPLATES: Readonly<Record<string, (object: MeshObject) => Shape>> = {
  Pod: ({ source }) => shape(source),
  Deployment: ({ spec }) => shape(spec.template),
  StatefulSet: ({ spec }) => shape(spec.template),
  DaemonSet: ({ spec }) => shape(spec.template),
  ReplicaSet: ({ spec }) => shape(spec.template),
  Job: ({ spec }) => shape(spec.template),
  CronJob: ({ spec }) => shape(shape(shape(spec.jobTemplate).spec).template),
};

export const WORKLOAD_KINDS = Object.keys(TEMPLATES);

/** The pods' own spec. */
export function podSpecOf(object: MeshObject): Shape {
  return shape(TEMPLATES[object.kind](object).spec);
}

export function readPodTemplate(object: MeshObject): PodTemplate {
  const template = TEMPLATES[object.kind](object);
  const [metadata, spec] = [shape(template.metadata), shape(template.spec)];
  return {
    labels: labelsOf(metadata.labels),
    annotations: labelsOf(metadata.annotations),
    serviceAccount: text(spec.serviceAccountName) ?? text(spec.serviceAccount) ?? 'default',
    hostNetwork: spec.hostNetwork === true,
    containers: [
      ...shapes(spec.containers).map((container) => readContainer(container, true)),
      ...shapes(spec.initContainers).map((container) => readContainer(container, container.restartPolicy === 'Always')),
    ],
  };
}

function readContainer(container: Shape, runs: boolean): Container {
  return {
    name: text(container.name) ?? '',
    words: [...texts(container.command), ...texts(container.args)],
    ports: shapes(container.ports).flatMap(({ containerPort, name, protocol }) => {
      const number = integer(containerPort);
      return number === undefined ? [] : [{ number, name: text(name) ?? '', protocol: text(protocol) ?? 'TCP' }];
    }),
    network: text(shapes(container.env).find(({ name }) => name === NETWORK_VARIABLE)?.value),
    runs,
  };
}
