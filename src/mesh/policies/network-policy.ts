import { mapping, mappings, texts } from '../../manifests/mapping';
import { grouped } from '../collections';
import { readNamespaceSelector, selectsNamespace } from '../config/mesh-config';
import { MeshObject } from '../inventory/object';
import { Labels } from '../names/labels';

/** The parts of a pod that policies select by. */
interface Pods {
  readonly namespace: string;
  readonly labels: Labels;
}

const NONE: readonly MeshObject[] = Object.freeze([]);

/** The NetworkPolicies of a mesh, by the pods that they select. The model doesn't decide which packets they allow. */
export class NetworkPolicies {
  /** Whether some policy is for egress. */
  readonly hasEgress: boolean;
  private readonly byNamespace: ReadonlyMap<string, readonly MeshObject[]>;
  private readonly leaving = new Map<string, Map<Labels, readonly MeshObject[]>>();

  constructor(all: readonly MeshObject[]) {
    this.byNamespace = grouped(all, ({ namespace }) => namespace);
    this.hasEgress = all.some(isForEgress);
  }

  /** The policies for the pods' ingress. */
  into(pods: Pods): readonly MeshObject[] {
    return this.selecting(pods).filter(isForIngress);
  }

  /** The policies for the pods' egress; labels are the cache key. */
  outOf(pods: Pods): readonly MeshObject[] {
    let ofNamespace = this.leaving.get(pods.namespace);
    if (!ofNamespace) this.leaving.set(pods.namespace, ofNamespace = new Map());
    let found = ofNamespace.get(pods.labels);
    if (!found) ofNamespace.set(pods.labels, found = this.selecting(pods).filter(isForEgress));
    return found;
  }

  private selecting({ namespace, labels }: Pods): readonly MeshObject[] {
    return (this.byNamespace.get(namespace) ?? NONE).filter(({ spec }) =>
      selectsNamespace(readNamespaceSelector(mapping(spec.podSelector)), namespace, labels));
  }
}

/** Without `policyTypes`, a policy is for ingress. */
function isForIngress({ spec }: MeshObject): boolean {
  const types = texts(spec.policyTypes);
  return types.length === 0 || types.includes('Ingress');
}

/** Without `policyTypes`, a policy with egress rules is for egress, too. */
function isForEgress({ spec }: MeshObject): boolean {
  const types = texts(spec.policyTypes);
  return types.length === 0 ? mappings(spec.egress).length > 0 : types.includes('Egress');
}
