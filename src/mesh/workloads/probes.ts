import { podSpecOf } from './pod-template';
import { Workload } from './workload';
import { booleanText, integer, Mapping, mapping, mappings, text } from '../../manifests/mapping';

/** A request that the kubelet makes to a container. */
interface Probe {
  readonly container: string;
  /** `livenessProbe`, `lifecycle.preStop` and so on. */
  readonly field: string;
  readonly action: 'httpGet' | 'grpc';
  readonly port: number;
}

/** The annotation with which pods keep their probes unchanged, or have the sidecar's agent answer them. */
export const REWRITE_PROBES = 'sidecar.istio.io/rewriteAppHTTPProbers';

/** Whether a workload's probes are rewritten; undefined: it doesn't say. */
export function rewritesProbes({ annotations }: Workload): boolean | undefined {
  return booleanText(annotations[REWRITE_PROBES]);
}

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'];
const HOOKS = ['postStart', 'preStop'];

/**
 * The requests that the kubelet makes to a workload's containers, over HTTP or gRPC. Commands inside containers aren't requests,
 * nor is a `tcpSocket`: the sidecar accepts such a connection in any case.
 */
export function probesOf({ podSource }: Workload): readonly Probe[] {
  const spec = podSpecOf(podSource);
  return [...mappings(spec.initContainers), ...mappings(spec.containers)].flatMap((container) => {
    const lifecycle = mapping(container.lifecycle);
    return [
      ...PROBES.flatMap((field) => readProbe(container, field, mapping(container[field]))),
      ...HOOKS.flatMap((field) => readProbe(container, `lifecycle.${field}`, mapping(lifecycle[field]))),
    ];
  });
}

function readProbe(container: Mapping, field: string, probe: Mapping): readonly Probe[] {
  const [httpGet, grpc] = [mapping(probe.httpGet), mapping(probe.grpc)];
  const action = probe.httpGet === undefined ? 'grpc' : 'httpGet';
  const port = portIn(container, action === 'grpc' ? grpc.port : httpGet.port);
  // A probe with its own host doesn't go to the pod.
  return port === undefined || text(httpGet.host) !== undefined ? [] : [{ container: text(container.name) ?? '', field, action, port }];
}

function portIn({ ports }: Mapping, port: unknown): number | undefined {
  return integer(port) ?? integer(mappings(ports).find(({ name }) => name !== undefined && name === port)?.containerPort);
}
