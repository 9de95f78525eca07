import { ApiObject } from 'cdk8s';
import { refusalMessage } from '../../findings/refusal';
import { AppManifest } from '../../integration/app-manifests';
import { WorkloadKinds } from '../../manifests/kinds';
import { integer, labelsOf, Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { AppCheck } from '../app-check';
import { WorkloadSelection } from '../workload-selection';

/** The port exceptions of a WorkloadOverride. */
interface PortExceptions {
  readonly policy: ApiObject;
  readonly selection: WorkloadSelection;
  readonly ports: readonly number[];
}

/** Rejects, at synth, exceptions for a Service's port that isn't a port of its pods. */
export function checkPortExceptions(exceptions: PortExceptions): void {
  if (exceptions.ports.length > 0) portExceptions.add(exceptions.policy, exceptions);
}

const portExceptions = new AppCheck<PortExceptions>((all, { manifests }) => {
  const objects = new AppObjects(manifests);
  return all.flatMap((one) => mistakenPorts(one, objects));
});

interface ServicePort {
  /** The name of the Service. */
  readonly name: string;
  readonly number: number;
  readonly selector: Readonly<Record<string, string>>;
  /** The container's port, or its name. */
  readonly target: number | string;
}

interface Pods {
  /** `Deployment ratings`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The numbers and names of the ports that their containers declare. */
  readonly ports: readonly { readonly number: number; readonly name?: string }[];
}

/** The Services of a mesh and the pods behind them, read only for namespaces with exceptions. */
class AppObjects {
  /** By namespace. */
  private readonly services = new Map<string, ServicePort[]>();
  private readonly sidecarPorts = new Set<string>();
  private readonly ofNamespace = new Map<string, Pods[]>();

  public constructor(private readonly manifests: readonly AppManifest[]) {
    for (const { apiObject, manifest } of manifests) {
      if (apiObject.kind === 'Service' && apiObject.apiGroup === 'core') this.addService(manifest);
      if (apiObject.kind === 'Sidecar' && apiObject.apiGroup === 'networking.istio.io') {
        for (const { port } of mappings(mapping(manifest.spec).ingress)) {
          this.sidecarPorts.add(portKey(namespaceIn(manifest), mapping(port).number));
        }
      }
    }
  }

  public servicePortsIn(namespace: string | undefined): readonly ServicePort[] {
    return this.services.get(namespace ?? '') ?? [];
  }

  /** Whether a Sidecar in the namespace adds an ingress listener on the port. */
  public hasSidecarPort(namespace: string | undefined, port: number): boolean {
    return this.sidecarPorts.has(portKey(namespace, port));
  }

  public podsIn(namespace: string | undefined): readonly Pods[] {
    const key = namespace ?? '';
    const known = this.ofNamespace.get(key);
    if (known) return known;
    const pods = this.manifests.filter(({ manifest }) => namespaceIn(manifest) === namespace)
      .flatMap(({ manifest }) => podsOf(manifest) ?? []);
    this.ofNamespace.set(key, pods);
    return pods;
  }

  private addService(manifest: Mapping): void {
    const { selector, ports, clusterIP } = mapping(manifest.spec);
    for (const { port, targetPort, protocol = 'TCP' } of mappings(ports)) {
      const number = integer(port);
      if (number === undefined || protocol !== 'TCP') continue;
      const key = namespaceIn(manifest) ?? '';
      // Ports of a headless Service aren't translated.
      const target = clusterIP === 'None' ? number : integer(targetPort) ?? text(targetPort) ?? number;
      const entry = { name: nameIn(manifest), number, selector: labelsOf(selector), target };
      this.services.set(key, [...this.services.get(key) ?? [], entry]);
    }
  }
}

function portKey(namespace: string | undefined, port: unknown): string {
  return `${namespace ?? ''}:${port}`;
}

function namespaceIn({ metadata }: Mapping): string | undefined {
  return text(mapping(metadata).namespace);
}

function nameIn({ metadata }: Mapping): string {
  return [mapping(metadata).namespace, mapping(metadata).name].filter(Boolean).join('/');
}

/** The pods of a workload, with the ports that their containers declare; undefined if the object has no pod template. */
function podsOf(manifest: Mapping): Pods | undefined {
  const template = WorkloadKinds.BUILT_IN.of(manifest)?.podTemplate.reduce<Mapping>((value, step) => mapping(value[step]), manifest);
  if (!template) return undefined;
  const { containers, initContainers } = mapping(template.spec);
  const sidecars = mappings(initContainers).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const ports = [...mappings(containers), ...sidecars].flatMap(({ ports: declared }) => mappings(declared))
    .flatMap(({ containerPort, name }) => {
      const number = integer(containerPort);
      return number === undefined ? [] : [{ number, name: text(name) }];
    });
  return { name: `${manifest.kind} ${nameIn(manifest)}`, labels: labelsOf(mapping(template.metadata).labels), ports };
}

function mistakenPorts({ policy, selection, ports }: PortExceptions, objects: AppObjects): string[] {
  const namespace = selection.manifestNamespace;
  const services = objects.servicePortsIn(namespace);
  const suspects = ports.filter((port) => services.some(({ number }) => number === port) && !objects.hasSidecarPort(namespace, port));
  if (suspects.length === 0) return [];
  const labels = labelsIfAny(selection);
  const selected = objects.podsIn(namespace).filter((pods) => matches(labels, pods.labels));
  if (selected.some((pods) => pods.ports.length === 0)) return [];
  const leading = selected.flatMap((pods) => services.filter(({ selector }) => matches(selector, pods.labels))
    .map((service) => ({ pods, service, meant: targetIn(pods, service) })));
  return suspects.flatMap((port) => {
    const isServed = selected.some((pods) => pods.ports.some(({ number }) => number === port))
      || leading.some(({ meant }) => meant === port);
    const mistake = isServed ? undefined : leading.find(({ service, meant }) => service.number === port && meant !== undefined);
    return mistake ? [message(policy, port, mistake.pods, mistake.service, mistake.meant!)] : [];
  });
}

/** No labels where the workload has none, which another check reports. */
function labelsIfAny(selection: WorkloadSelection): Readonly<Record<string, string>> {
  try {
    return selection.labels();
  } catch {
    return {};
  }
}

/** Whether the selector matches the labels; an empty one matches none here. */
function matches(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(selector);
  return keys.length > 0 && keys.every((key) => labels[key] === selector[key]);
}

function targetIn({ ports }: Pods, { target }: ServicePort): number | undefined {
  return typeof target === 'number' ? target : ports.find(({ name }) => name === target)?.number;
}

function message(policy: ApiObject, port: number, pods: Pods, service: ServicePort, meant: number): string {
  const declared = [...new Set(pods.ports.map(({ number }) => number))].sort((a, b) => a - b).join(', ');
  return refusalMessage({
    code: 'API088',
    kind: policy.kind,
    name: [policy.metadata.namespace, policy.name].filter(Boolean).join('/'),
    path: policy.node.path,
    field: 'portLevelMtls',
    actual: `for port ${port}`,
    expected: `a port of the containers of ${pods.name}: ${declared}`,
    because: `a policy uses the container's port, and ${port} is the port of Service ${service.name}, whose target port is ${meant}`,
    fix: `replace ${port} with ${meant}`,
  });
}
