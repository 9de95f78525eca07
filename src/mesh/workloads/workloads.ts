import { showsAmbient } from './ambient';
import { asCustomized, proxyOf, unknownProxy } from './injection';
import { InjectionFacts } from './injection-facts';
import { Networks, SYSTEM_NAMESPACE } from './networks';
import { podSources, PodSource, readPodTemplate, UNKNOWN_PODS } from './pod-template';
import { Workload, workloadOf } from './workload';
import { ControlPlaneFacts, DEFAULT_REVISION } from '../config/control-plane-facts';
import { InjectorWebhooks, Injectors } from '../config/injectors';
import { Istiods } from '../config/istiods';
import { ParseYaml, appliedTo, capturingNamespaces, changingNamespaces } from '../config/proxy-config';
import { MeshConfigs, RevisionTags } from '../config/revisions';
import { Inventory } from '../inventory/inventory';
import { Namespaces } from '../inventory/namespaces';
import { MeshObject, compareNames } from '../inventory/object';

/** What the workloads are made from besides objects. */
interface Facts extends InjectionFacts, Pick<ControlPlaneFacts, 'istiodNamespace' | 'meshConfigs'> {
  readonly parseYaml: ParseYaml;
  readonly networks: Networks;
  readonly istiods: Istiods;
}

/** The workloads of a mesh, by namespace, name and kind; what another object of the manifests makes is left out. */
export function workloadsOf(objects: Inventory, namespaces: Namespaces, configs: MeshConfigs, facts: Facts): readonly Workload[] {
  const [capturing, changing] = [capturingNamespaces(objects), changingNamespaces(objects)];
  const injection = { injectors: Injectors.of(objects, facts), injectorWebhooks: InjectorWebhooks.of(objects) };
  const readsBooleans = (revision: string): boolean => !facts.istiods.of(revision).changes.has('readBooleans');
  const tags = RevisionTags.of(objects, facts);
  const known = { ...facts, ...injection, tags, configs, readsBooleans, hasAmbient: showsAmbient(objects) };
  const read = (object: MeshObject, source: PodSource | undefined): Workload => {
    if (!source) {
      return workloadOf(object, { object, field: [] }, UNKNOWN_PODS, unknownProxy(object), configs.of(DEFAULT_REVISION), facts.networks);
    }
    const pod = readPodTemplate(source);
    const proxy = proxyOf(pod, { pods: source, namespace: namespaces.objectOf(object.namespace) },
      namespaces.labelsOf(object.namespace), known);
    const config = appliedTo(pod.annotations, configs.of(proxy.revision), facts.parseYaml);
    const proxyConfigsIn = [object.namespace, config.rootNamespace];
    const dnsCapture = config.dnsCapture || proxyConfigsIn.some((namespace) => capturing.has(namespace));
    const istiodNamespace = facts.istiodNamespace ?? config.object?.namespace ?? SYSTEM_NAMESPACE;
    const variable =
      changing.size === 0 ? undefined : proxyConfigsIn.map((namespace) => changing.get(namespace)).find((one) => one !== undefined);
    const ownProxy = asCustomized(proxy, pod, source, config, istiodNamespace, variable);
    return workloadOf(object, source, pod, ownProxy, dnsCapture === config.dnsCapture ? config : { ...config, dnsCapture }, facts.networks);
  };
  return [...podSources(objects)].map(([object, source]) => read(object, source)).sort(compareNames);
}
