import { MeshConfig } from './config/mesh-config';
import { DEFAULT_REVISION, MeshConfigs } from './config/mesh-configs';
import { ControlPlane } from './control-plane';
import { Namespaces } from './namespaces';
import { Objects } from './objects/objects';
import { InboundProtocols } from './server/inbound-protocols';
import { Registry } from './services/registry';

/** The istiods of a mesh: one for each mesh config, whichever revisions share it. */
export class ControlPlanes {
  private readonly protocols: InboundProtocols;
  private readonly byConfig = new Map<MeshConfig, ControlPlane>();

  constructor(
    private readonly configs: MeshConfigs, private readonly registry: Registry,
    private readonly objects: Objects, private readonly namespaces: Namespaces,
  ) {
    this.protocols = new InboundProtocols(registry);
  }

  get default(): ControlPlane {
    return this.of(DEFAULT_REVISION);
  }

  of(revision: string): ControlPlane {
    const config = this.configs.of(revision);
    let plane = this.byConfig.get(config);
    if (!plane) this.byConfig.set(config, plane = new ControlPlane(config, this.registry, this.protocols, this.objects, this.namespaces));
    return plane;
  }
}
