import { Call } from './call';
import { Hop } from './path';
import { Reason, reason, reasonOf } from './reason';
import { Sender, SidecarSender } from './sender';
import { REVISION } from '../config/revision-tags';
import { hidingOf } from '../visibility/hiding';
import { Workload } from '../workloads/workload';

/** Why a call leaves its client past the rules of what is called: no sidecar takes it, or one that doesn't know what is called. */
export function departureReasons({ travel, outcome }: Hop, client: Workload, one: Sender, call: Call): readonly Reason[] {
  switch (travel) {
    case 'service': return [];
    case 'direct': return [reason(client, 'proxy', directBecause(client, call))];
    case 'address': return outcome === 'undecided' ? [] : hidingReasons(one as SidecarSender, call);
    default: return [...hidingReasons(one as SidecarSender, call), ...forbiddingReasons(one as SidecarSender)];
  }
}

function directBecause({ proxy, interception }: Workload, { port }: Call): string {
  return proxy.kind === 'sidecar' ? interception.whyNotOutbound(port) ?? proxy.because : proxy.because;
}

/** What keeps the client's proxy from telling the call. */
function hidingReasons({ plane, scope }: SidecarSender, { services: [called], host, port }: Call): readonly Reason[] {
  const service = plane.registry.aliases.serviceBehind(called);
  const hiding = hidingOf(service, plane, scope);
  switch (hiding) {
    case 'sidecar': return [reason(scope.resource!.object, 'spec.egress', `hides ${service.host} from the client`)];
    case 'revision': return [reason(service.object, `metadata.labels[${REVISION}]`, `hides ${service.host} from the client`)];
    case 'exportTo': return [reason(service.object, 'exportTo', `hides ${service.host} from the client`)];
    case 'nothing': return [reason(called.object, 'spec', scope.sidecarPorts.has(port) ? `port ${port} is the sidecar's own` : `nothing of ${host} takes the call`)];
    default: return reasonOf(plane.config.object, `data.mesh.${hiding}`, `hides ${service.host} from the client`);
  }
}

function forbiddingReasons({ plane: { config }, scope: { resource } }: SidecarSender): readonly Reason[] {
  const effect = 'lets nothing pass that the client\'s proxy doesn\'t know';
  return resource?.outbound === undefined
    ? reasonOf(config.object, 'data.mesh.outboundTrafficPolicy', effect)
    : [reason(resource.object, 'spec.outboundTrafficPolicy', effect)];
}
