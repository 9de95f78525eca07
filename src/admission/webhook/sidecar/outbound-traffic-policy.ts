import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeDnsName } from '../values/host';
import { judgePort } from '../values/port';
import { judgeSubsetName } from '../values/subset';

/** Objects to an egress proxy where unknown destinations aren't allowed, or that can't be found. */
export function judgeOutboundTrafficPolicy(at: Objections, policy: any): void {
  const proxy = policy?.egressProxy;
  if (!proxy) return;
  const place = at.at('egressProxy');
  if (policy.mode !== 'ALLOW_ANY') {
    objectToProxy(place, `set with mode ${shown(policy.mode)}`, 'it with mode ALLOW_ANY only', 'only ALLOW_ANY sends unknown destinations on', 'write mode: ALLOW_ANY, or remove egressProxy');
    return;
  }
  judgeDnsName(place.at('host'), proxy.host ?? '');
  if (proxy.subset) judgeSubsetName(place.at('subset'), proxy.subset);
  if (!proxy.port) {
    objectToProxy(place.at('port'), 'missing', 'the port of the proxy', 'a host alone is no destination', 'write port: {number: 443}, or the port that the proxy has');
    return;
  }
  judgePort(place.at('port', 'number'), proxy.port.number);
}

function objectToProxy(at: Objections, actual: string, expected: string, because: string, fix: string): void {
  at.error({ code: 'ADMIT493', actual, expected, because, fix });
}
