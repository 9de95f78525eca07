import { DEFAULT_REVISION } from './config/control-plane-facts';
import { MeshConfig } from './config/mesh-config';
import { MeshConfigs } from './config/mesh-configs';
import { REVISION } from './config/revision-tags';
import { ControlPlane } from './control-plane';
import { Namespaces } from './namespaces';
import { ISTIO_KINDS, Objects } from './objects/objects';
import { InboundProtocols } from './server/inbound-protocols';
import { Registry } from './services/registry';

/** The istiods of a mesh: one for each mesh config, whichever revisions share it, and for each revision that objects are for alone. */
export class ControlPlanes {
  private readonly protocols: InboundProtocols;
  private readonly ofAll = new Map<MeshConfig, ControlPlane>();
  private readonly ofOne = new Map<string, ControlPlane>();
  private readonly known = new Map<string, ControlPlane>();

  constructor(
    private readonly configs: MeshConfigs, private readonly registry: Registry,
    private readonly objects: Objects, private readonly namespaces: Namespaces,
  ) {
    this.protocols = new InboundProtocols(registry);
    for (const kind of ISTIO_KINDS) {
      for (const { labels: { [REVISION]: revision } } of objects.of(kind)) {
        if (revision !== undefined && !this.ofOne.has(revision)) this.ofOne.set(revision, this.planeOf(revision));
      }
    }
  }

  get default(): ControlPlane {
    return this.of(DEFAULT_REVISION);
  }

  of(revision: string): ControlPlane {
    let plane = this.known.get(revision);
    if (!plane) this.known.set(revision, plane = this.find(revision));
    return plane;
  }

  private find(revision: string): ControlPlane {
    const config = this.configs.of(revision);
    let plane = this.ofOne.get(revision) ?? this.ofAll.get(config);
    if (!plane) this.ofAll.set(config, plane = this.planeOf(revision));
    return plane;
  }

  private planeOf(revision: string): ControlPlane {
    return new ControlPlane(this.configs.of(revision), revision, this.registry, this.protocols, this.objects, this.namespaces);
  }
}
