import { exportToField, Place, Places, portField } from './fields';
import { removing } from './remedies';
import { shown } from '../findings/shown';
import { MeshConfig } from '../mesh/config/mesh-config';
import { REVISION } from '../mesh/config/revision-tags';
import { Call } from '../mesh/connections/call';
import { Sender } from '../mesh/connections/sender';
import { ControlPlane } from '../mesh/control-plane';
import { Mesh } from '../mesh/mesh';
import { Service } from '../mesh/services/service';
import { hidingOf } from '../mesh/visibility/hiding';
import { SidecarResource } from '../mesh/visibility/sidecar-resource';

/** Finds what keeps clients' proxies from knowing the services that they call. */
export class Hiders {
  private readonly places = new Places();

  constructor(private readonly mesh: Mesh) {}

  /** Whether it is the clients' Sidecars: each has its own, and all clients of a decision import nothing that concerns the call. */
  isSidecar({ services: [called] }: Call, { plane, scope }: Sender): boolean {
    const service = this.mesh.registry.aliases.serviceBehind(called);
    return plane!.reads(service.object) && plane!.exportOf(service).isPublic && !scope!.sees(service);
  }

  /** @param client one whose proxy treats the call as one to nobody that it knows */
  of({ services: [called], port }: Call, { plane, scope }: Sender): Place {
    const service = this.mesh.registry.aliases.serviceBehind(called);
    const hiding = hidingOf(service, plane!, scope!);
    switch (hiding) {
      case 'sidecar': return this.sidecar(scope!.resource!);
      case 'revision': return this.revision(service);
      case 'exportTo': return this.exportTo(service);
      case 'nothing': return scope!.sidecarPorts.has(port) ? this.sidecarPort(called, port) : this.unmatched(called);
      case 'serviceEntryVisibility': return this.visibility(plane!, service);
      default: return this.config(plane!.config, hiding, service.namespace);
    }
  }

  private config(config: MeshConfig, field: 'discoverySelectors' | 'defaultServiceExportTo', namespace: string): Place {
    return this.places.of(config, field, () => ({
      object: config.object!,
      field: ['data', 'mesh'],
      actual: `${field}: ${shown(config[field])}`,
      expected: field === 'discoverySelectors' ? `selectors that select namespace ${namespace} too` : 'services that are exported to their clients',
      fix: field === 'discoverySelectors' ? `let the selectors select namespace ${namespace}` : 'export the services that are called from elsewhere, by annotation networking.istio.io/exportTo',
    }));
  }

  private visibility(plane: ControlPlane, service: Service): Place {
    const { config } = plane;
    return this.places.of(config, 'serviceEntryVisibility', () => ({
      object: config.object!,
      field: ['data', 'mesh'],
      actual: `serviceEntryVisibility: ${plane.visibilityOf(service)} for namespace ${service.namespace}`,
      expected: 'PUBLIC, where other namespaces call what ServiceEntries name',
      fix: 'add a policy with visibility PUBLIC that selects the namespace',
    }));
  }

  private revision({ object }: Service): Place {
    return this.places.of(object, 'revision', () => ({
      object,
      field: ['metadata', 'labels', REVISION],
      actual: shown(object.labels[REVISION]),
      expected: 'no such label, or that of the revision of the clients',
      fix: `remove label ${REVISION}`,
      remedies: [removing(object, ['metadata', 'labels', REVISION])],
    }));
  }

  private exportTo(service: Service): Place {
    return this.places.of(service.object, 'exportTo', () => ({
      object: service.object,
      field: exportToField(service),
      actual: shown(service.exportTo.join(',')),
      expected: 'every namespace that calls it',
      fix: 'list the namespaces of the clients that call it',
    }));
  }

  sidecar({ object }: SidecarResource): Place {
    return this.places.of(object, 'egress', () => ({
      object,
      field: ['spec', 'egress'],
      actual: shown(object.spec.egress),
      expected: 'every host that the workloads call',
      fix: 'add the hosts that the workloads call',
    }));
  }

  /** Every sidecar listens on such a port itself, so none has a listener there for HTTP. */
  private sidecarPort(service: Service, port: number): Place {
    return this.places.of(service.object, String(port), () => ({
      object: service.object,
      field: portField(service, port),
      actual: String(port),
      expected: 'a port that isn\'t the sidecars\' own',
      fix: 'give the service another port',
    }));
  }

  /** The client knows the service, but nothing of it takes the call: a pod without the port, a route for other names. */
  private unmatched({ object, host }: Service): Place {
    return this.places.of(object, 'unmatched', () => ({
      object,
      field: ['spec'],
      actual: shown(object.spec),
      expected: `something of ${host} that takes these calls`,
      fix: 'compare its ports with those of its pods, its name with what it stands for, and the routes for it with the names that they list',
    }));
  }
}
