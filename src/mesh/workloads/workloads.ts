import { ControlPlaneFacts, DEFAULT_REVISION } from '../config/control-plane-facts';
import { Injectors } from '../config/injectors';
import { MeshConfigs } from '../config/mesh-configs';
import { ParseYaml } from '../config/proto-yaml';
import { appliedTo, capturingNamespaces } from '../config/proxy-config';
import { RevisionTags } from '../config/revision-tags';
import { Namespaces } from '../namespaces';
import { Networks } from './networks';
import { podSources } from './pod-sources';
import { PodSource, readPodTemplate, UNKNOWN_PODS } from './pod-template';
import { InjectionFacts, proxyOf, unknownProxy } from './proxy';
import { Workload, workloadOf } from './workload';
import { compareNames, MeshObject } from '../objects/mesh-object';
import { Objects } from '../objects/objects';

/** What the workloads are made from besides objects. */
interface Facts extends InjectionFacts, Pick<ControlPlaneFacts, 'istiodNamespace' | 'meshConfigs'> {
  readonly parseYaml: ParseYaml;
  readonly networks: Networks;
}

/** The workloads of a mesh, by namespace, name and kind; what another object of the manifests makes is left out. */
export function workloadsOf(objects: Objects, namespaces: Namespaces, configs: MeshConfigs, facts: Facts): readonly Workload[] {
  const capturing = capturingNamespaces(objects);
  const known = { ...facts, tags: RevisionTags.of(objects, facts), configs, injectors: Injectors.of(objects, facts) };
  const read = (object: MeshObject, source: PodSource | undefined): Workload => {
    if (!source) return workloadOf(object, { object, field: [] }, UNKNOWN_PODS, unknownProxy(object), configs.of(DEFAULT_REVISION), facts.networks);
    const pod = readPodTemplate(source);
    const proxy = proxyOf(pod, object.namespace, namespaces.labelsOf(object.namespace), known);
    const config = appliedTo(pod.annotations, configs.of(proxy.revision), facts.parseYaml);
    const dnsCapture = config.dnsCapture || [object.namespace, config.rootNamespace].some((namespace) => capturing.has(namespace));
    return workloadOf(object, source, pod, proxy, dnsCapture === config.dnsCapture ? config : { ...config, dnsCapture }, facts.networks);
  };
  return [...podSources(objects)].map(([object, source]) => read(object, source)).sort(compareNames);
}
