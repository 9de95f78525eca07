import { DEFAULT_REVISION } from './control-plane-facts';
import { NamespaceSelector, readNamespaceSelector, selectsNamespace } from './namespace-selector';
import { REVISION, TAG } from './revision-tags';
import { Labels } from '../names/selector';
import { Inventory } from '../objects/inventory';
import { MeshObject } from '../objects/mesh-object';
import { isShape, Shape, shapes } from '../objects/shape';

/** What the API server goes by when it sends a pod to an injector, besides the pod: Istio's charts write these. */
interface Injection {
  readonly object: MeshObject;
  /** The names of the revision that it injects: its own, and perhaps a tag's. */
  readonly names: readonly string[];
  readonly webhooks: readonly { readonly namespaces: NamespaceSelector; readonly pods: NamespaceSelector; readonly hasConditions: boolean }[];
}

/** A pod, for whoever selects by labels. */
interface LabelledPod {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

/** The MutatingWebhookConfigurations of injectors among the manifests. */
export class InjectorWebhooks {
  static of(objects: Inventory): InjectorWebhooks {
    return new InjectorWebhooks(objects.of('MutatingWebhookConfiguration').filter(isOfInjector).map(readInjection));
  }

  private constructor(private readonly injections: readonly Injection[]) {}

  /**
   * One that sends a pod to an injector where those of Istio's charts don't, or that doesn't where they do.
   *
   * @param usual the revision whose injector the charts have it sent to; undefined: none
   */
  unlikeCharts(pod: LabelledPod, usual: string | undefined): MeshObject | undefined {
    if (usual === undefined) return this.injections.find((injection) => selects(injection, pod) !== false)?.object;
    const own = this.injections.filter(({ names }) => names.includes(usual));
    return own.some((injection) => selects(injection, pod)) ? undefined : own[0]?.object;
  }
}

function isOfInjector({ name, labels }: MeshObject): boolean {
  return labels.app === 'sidecar-injector' || /^istio-(?:sidecar-injector|revision-tag)(?:-|$)/.test(name);
}

function readInjection(object: MeshObject): Injection {
  const { [REVISION]: revision = DEFAULT_REVISION, [TAG]: tag } = object.labels;
  const webhooks = shapes((object.source as { webhooks?: unknown }).webhooks).map(({ namespaceSelector, objectSelector, matchConditions }) => ({
    namespaces: selectorIn(namespaceSelector), pods: selectorIn(objectSelector), hasConditions: shapes(matchConditions).length > 0,
  }));
  return { object, names: tag === undefined ? [revision] : [revision, tag], webhooks };
}

function selectorIn(written: unknown): NamespaceSelector {
  return readNamespaceSelector((isShape(written) ? written : {}) as Shape);
}

/** Undefined: conditions that aren't read say it. */
function selects({ webhooks }: Injection, { namespace, namespaceLabels, labels }: LabelledPod): boolean | undefined {
  const matching = webhooks.filter(({ namespaces, pods }) => selectsNamespace(namespaces, namespace, namespaceLabels) && selectsNamespace(pods, '', labels));
  if (matching.length === 0) return false;
  return matching.some(({ hasConditions }) => !hasConditions) || undefined;
}
