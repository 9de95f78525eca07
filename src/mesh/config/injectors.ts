import { DEFAULT_REVISION, ControlPlaneFacts } from './control-plane-facts';
import { NamespaceSelector, readNamespaceSelector, selectsNamespace } from './mesh-config';
import { mappingIn, ParseYaml, changingVariableOf } from './proxy-config';
import { REVISION, TAG } from './revisions';
import { isMapping, Mapping, mappings, mapping, text, texts } from '../../manifests/mapping';
import { Inventory } from '../inventory/inventory';
import { KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { Labels } from '../names/labels';

/** What the API server considers when it sends a pod to an injector, besides the pod: Istio's charts set these. */
interface Injection {
  readonly object: MeshObject;
  /** The name by which namespaces and pods ask for it: its tag's, whose webhooks select nothing else, or its revision's. */
  readonly name: string;
  readonly webhooks: readonly {
    readonly namespaces: NamespaceSelector;
    readonly pods: NamespaceSelector;
    readonly hasConditions: boolean;
  }[];
}

/** A pod, for selectors by labels. */
interface LabelledPod {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

/** The MutatingWebhookConfigurations of injectors among the manifests. */
export class InjectorWebhooks {
  static of(objects: Inventory): InjectorWebhooks {
    return new InjectorWebhooks(objects.of(KIND.MutatingWebhookConfiguration).filter(isOfInjector).map(readInjection));
  }

  private constructor(private readonly injections: readonly Injection[]) {}

  /**
   * One that sends a pod to an injector where those of Istio's charts don't, or that doesn't where they do.
   *
   * @param usual the revision to whose injector the charts send it; undefined: none
   */
  unlikeCharts(pod: LabelledPod, usual: string | undefined): MeshObject | undefined {
    if (usual === undefined) return this.injections.find((injection) => selects(injection, pod) !== false)?.object;
    const own = this.injections.filter(({ name }) => name === usual);
    return own.some((injection) => selects(injection, pod)) ? undefined : own[0]?.object;
  }
}

/** Whether a MutatingWebhookConfiguration is that of an injector. */
export function isOfInjector({ name, labels }: MeshObject): boolean {
  return labels.app === 'sidecar-injector' || /^istio-(?:sidecar-injector|revision-tag)(?:-|$)/.test(name);
}

function readInjection(object: MeshObject): Injection {
  const { [REVISION]: revision = DEFAULT_REVISION, [TAG]: tag } = object.labels;
  const webhooks = mappings((object.source as { webhooks?: unknown }).webhooks)
    .map(({ namespaceSelector, objectSelector, matchConditions }) => ({
      namespaces: selectorIn(namespaceSelector), pods: selectorIn(objectSelector), hasConditions: mappings(matchConditions).length > 0,
    }));
  return { object, name: tag ?? revision, webhooks };
}

function selectorIn(written: unknown): NamespaceSelector {
  return readNamespaceSelector((isMapping(written) ? written : {}) as Mapping);
}

/** Undefined: it depends on conditions that aren't read. */
function selects({ webhooks }: Injection, { namespace, namespaceLabels, labels }: LabelledPod): boolean | undefined {
  const matching = webhooks.filter(({ namespaces, pods }) => (
    selectsNamespace(namespaces, namespace, namespaceLabels) && selectsNamespace(pods, '', labels)));
  if (matching.length === 0) return false;
  return matching.some(({ hasConditions }) => !hasConditions) || undefined;
}

const NAME = /^istio-sidecar-injector(?:-(.+))?$/;

/** The charts' settings of how sidecars intercept; the effect of a missing value isn't known. */
const OF_PROXY: Readonly<Record<string, unknown>> = {
  autoInject: 'enabled',
  statusPort: 15020,
  includeIPRanges: '*',
  excludeIPRanges: '',
  includeInboundPorts: '*',
  excludeInboundPorts: '',
  includeOutboundPorts: '',
  excludeOutboundPorts: '',
};

/** The parts of Istio's own sidecar template, in all releases, that the model relies on. */
const IN_TEMPLATE: readonly string[] = [
  'istio-proxy', '- sidecar', 'security.istio.io/tlsMode', 'sidecar.istio.io/interceptionMode',
  'traffic.sidecar.istio.io/includeOutboundIPRanges', 'traffic.sidecar.istio.io/excludeOutboundPorts',
  'traffic.sidecar.istio.io/includeInboundPorts', 'traffic.sidecar.istio.io/excludeInboundPorts',
];

/** Set where a pod's annotation requests it. */
const BY_ANNOTATION = 'ISTIO_BOOTSTRAP_OVERRIDE';

interface InjectorFacts extends Pick<ControlPlaneFacts, 'istiodNamespace'> {
  readonly parseYaml: ParseYaml;
}

/** The injectors that, according to a ConfigMap, inject differently from Istio's charts: into which pods, and what. */
export class Injectors {
  /** @param facts with istiod's namespace, if given: ConfigMaps elsewhere aren't its injector's */
  static of(objects: Inventory, { parseYaml, istiodNamespace }: InjectorFacts): Injectors {
    const own = new Map<string, MeshObject>();
    for (const object of objects.of(KIND.ConfigMap)) {
      if (istiodNamespace !== undefined && object.namespace !== istiodNamespace) continue;
      const [isInjector, revision = 'default'] = NAME.exec(object.name) ?? [];
      if (isInjector !== undefined && !own.has(revision) && !isOfCharts(mapping(mapping(object.source).data), parseYaml)) {
        own.set(revision, object);
      }
    }
    return new Injectors(own);
  }

  private constructor(private readonly own: ReadonlyMap<string, MeshObject>) {}

  /** The ConfigMap of a revision's injector, if it differs from the charts'. */
  ownOf(revision: string): MeshObject | undefined {
    return this.own.get(revision);
  }
}

function isOfCharts(data: Mapping, parseYaml: ParseYaml): boolean {
  const [values, config] = [data.values, data.config].map((written) => mappingIn(text(written) ?? '', parseYaml));
  const [proxy, webhook] = [mapping(mapping(values.global).proxy), mapping(values.sidecarInjectorWebhook)];
  const templates = texts(config.defaultTemplates);
  return Object.entries(OF_PROXY).every(([name, usual]) => proxy[name] === undefined || proxy[name] === usual)
    && webhook.enableNamespacesByDefault !== true
    && (config.policy === undefined || config.policy === 'enabled')
    && [config.alwaysInjectSelector, config.neverInjectSelector].every((selectors) => !Array.isArray(selectors) || selectors.length === 0)
    && (templates.length === 0 || (templates.length === 1 && templates[0] === 'sidecar'))
    && isOfIstio(text(mapping(config.templates).sidecar));
}

/** Whether a template is Istio's as far as the model relies on it: with that one's parts, and without variables that change the proxy. */
function isOfIstio(template: string | undefined): boolean {
  if (template === undefined) return true;
  const variables = [...template.matchAll(/- name: "?([A-Z][A-Z0-9_]*)/g)].map(([, name]) => ({ name }))
    .filter(({ name }) => name !== BY_ANNOTATION);
  return IN_TEMPLATE.every((part) => template.includes(part)) && changingVariableOf(variables) === undefined;
}
