import { SidecarResource } from './sidecar-resource';
import { grouped } from '../grouped';
import { Labels, selects } from '../names/selector';

/** The Sidecars of a mesh. */
export class SidecarResources {
  private readonly byNamespace: ReadonlyMap<string, readonly SidecarResource[]>;
  private readonly forMesh: SidecarResource | undefined;

  /** @param resources in the order in which istiod prefers them */
  constructor(resources: readonly SidecarResource[], rootNamespace: string) {
    const selective = resources.filter(({ selector }) => selector !== undefined);
    const wide = resources.filter(({ selector }) => selector === undefined);
    this.byNamespace = grouped([...selective, ...wide], ({ object }) => object.namespace);
    this.forMesh = wide.find(({ object }) => object.namespace === rootNamespace);
  }

  /** The one that holds for a proxy: one that selects it, else its namespace's, else the root namespace's. */
  of({ namespace, labels }: { readonly namespace: string; readonly labels: Labels }): SidecarResource | undefined {
    const own = this.byNamespace.get(namespace)?.find(({ selector }) => selector === undefined || selects(selector, labels));
    return own ?? this.forMesh;
  }

  /** The Sidecars of a namespace that hold for some of its workloads only. */
  selectorsOf(namespace: string): readonly Labels[] {
    return (this.byNamespace.get(namespace) ?? []).flatMap(({ selector }) => (selector ? [selector] : []));
  }
}
