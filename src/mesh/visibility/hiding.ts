import { Scope } from './scope';
import { ControlPlane } from '../control-plane';
import { Registry } from '../services/registry';
import { Service } from '../services/service';

/** What keeps a client's proxy from knowing a service; `nothing`: it knows it, but nothing of it takes the call. */
export type Hiding = 'discoverySelectors' | 'revision' | 'defaultServiceExportTo' | 'exportTo' | 'sidecar' | 'nothing';

export function hidingOf(service: Service, plane: ControlPlane, scope: Scope): Hiding {
  if (!plane.reads(service.object)) return plane.discovers(service.namespace) === false ? 'discoverySelectors' : 'revision';
  if (!plane.exportOf(service).isVisibleTo(scope.namespace)) return service.exportTo.length > 0 ? 'exportTo' : 'defaultServiceExportTo';
  return scope.sees(service) ? 'nothing' : 'sidecar';
}

/** The Service that a name leads to, through ExternalName Services. */
export function serviceBehind(service: Service, registry: Registry): Service {
  const seen = new Set<Service>();
  let behind = service;
  while (behind.externalName !== undefined && !seen.has(behind)) {
    seen.add(behind);
    behind = registry.kubernetesService(behind.externalName) ?? behind;
  }
  return behind;
}
