import { shown } from '../../findings/safe-text';
import { DecidedHop } from '../../mesh/calls/decisions';
import { FieldRef } from '../../mesh/inventory/field-ref';
import { isOf, KIND } from '../../mesh/inventory/kinds';
import { Sender } from '../../mesh/model/sender';
import { isWithin } from '../../mesh/names/hosts';
import { hasFaults } from '../../mesh/routes/virtual-service';
import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { Rule } from '../rule';

export const foreignVirtualService: Rule = {
  code: 'MTLS317',
  name: 'foreign-virtual-service',
  severity: 'warning',
  title: 'A VirtualService decides where calls to a service of another namespace go, for clients of other namespaces',
  reads: ['VirtualService'],
  * find({ mesh, hops }: Evidence) {
    const fields = new HostFields();
    const foreign = hops.filter(isForeign);
    const grouped = FoundCalls.groupedBySender(
      mesh, foreign, (decided, client) => (isOfOthers(decided, client) ? fields.of(decided) : undefined),
    );
    for (const [host, calls] of grouped) yield finding(host, calls);
  },
};

function finding({ ref: { object, field }, leavesOwner, isFaulty }: ForeignHost, calls: FoundCalls): Found {
  const { decision: { call: { services: [{ namespace, name }] } }, hop: { route } } = calls.first;
  const what = [...leavesOwner ? ['lead elsewhere'] : [], ...isFaulty ? ['abort or delay requests'] : []].join(' and ');
  return {
    object,
    field,
    // It is common that a team's routes for another namespace's services lead only to these.
    ...leavesOwner || isFaulty ? {} : { severity: 'info' as const },
    actual: shown(route!.hostTexts[Number(field[field.length - 1])]),
    expected: `exportTo: ["."], or a VirtualService in namespace ${namespace}, which has ${name}`,
    because: `${calls} follow its routes${what === '' ? '' : `, which ${what}`}: `
      + 'sidecars follow every VirtualService that they see, whoever its hosts belong to, '
      + `so whoever may write VirtualServices in namespace ${object.namespace} decides about these calls`,
    fix: `set exportTo to ["."], or move it to namespace ${namespace}`,
    connections: calls.connections,
  };
}

/** Whether the call is routed by a VirtualService in a namespace that doesn't define the host. */
function isForeign({ decision: { call: { services, host } }, path, hop }: DecidedHop): boolean {
  const { route } = hop;
  if (!route || hop !== path.hops[0] || services.some((one) => one.host === host && one.namespace === route.object.namespace)) return false;
  return isOf(route.object, KIND.VirtualService) && services.some((one) => one.host === host);
}

function isOfOthers({ hop: { route } }: DecidedHop, { namespace }: Sender): boolean {
  return namespace !== route!.object.namespace;
}

/** A host of a VirtualService, and what its routes do to calls. */
interface ForeignHost {
  readonly ref: FieldRef;
  /** Whether calls are led away from the namespace of the host's services. */
  leavesOwner: boolean;
  /** Whether requests are aborted or delayed. */
  isFaulty: boolean;
}

class HostFields {
  private readonly known = new Map<string, ForeignHost>();

  of({ decision: { call: { host, services } }, hop: { route, sent, target: { service } } }: DecidedHop): ForeignHost {
    const { object, hosts } = route!;
    const index = Math.max(0, hosts.findIndex((one) => isWithin(host, one)));
    const key = `${object.namespace}/${object.name} ${index}`;
    let found = this.known.get(key);
    if (!found) this.known.set(key, found = { ref: { object, field: ['spec', 'hosts', index] }, leavesOwner: false, isFaulty: false });
    if (!service || services.every(({ namespace }) => namespace !== service.namespace)) found.leavesOwner = true;
    if (sent.kind === 'http' && hasFaults(object)) found.isFaulty = true;
    return found;
  }
}
