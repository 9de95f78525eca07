import { ControlPlane } from './control-plane';
import { ProxyScope } from './sidecar-scope';
import { exportOf } from '../services/registry';
import { Service } from '../services/service';

/** Why a client's proxy doesn't see a service; `nothing` if it does, but no listener there accepts the call. */
export type Hiding = 'discoverySelectors' | 'revision' | 'defaultServiceExportTo' | 'serviceEntryVisibility' | 'exportTo'
  | 'sidecar' | 'nothing';

export function hidingOf(service: Service, plane: ControlPlane, scope: ProxyScope): Hiding {
  if (!plane.reads(service.object)) return plane.discovers(service.namespace) === false ? 'discoverySelectors' : 'revision';
  if (!exportOf(service, plane.config, plane.decidesAsModelled('exportToNamed')).isVisibleTo(scope.namespace)) {
    return service.exportTo.length > 0 ? 'exportTo' : 'defaultServiceExportTo';
  }
  if (!plane.exportOf(service).isVisibleTo(scope.namespace)) return 'serviceEntryVisibility';
  return scope.sees(service) ? 'nothing' : 'sidecar';
}
