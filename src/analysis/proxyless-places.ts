import { Place, Places, podPlace, TlsPlaces } from './fields';
import { removingLabel, tlsAddition, tlsRemedy } from './remedies';
import { shown } from '../findings/shown';
import { DecidedHop } from '../mesh/connections/decisions';
import { TLS_MODE } from '../mesh/workloads/injected-labels';

/** What makes clients send mutual TLS to a server that has no proxy, or none that is known. */
export class ProxylessPlaces {
  private readonly rules = new TlsPlaces();
  private readonly places = new Places();

  of(way: DecidedHop): Place {
    const { hop } = way;
    const { endpoint, target, tlsReason } = hop;
    const rule = tlsReason === 'rule' ? this.rules.of(hop) : undefined;
    if (rule) {
      return this.places.of(rule, '', () => ({
        object: rule.object,
        field: [...rule.field, 'mode'],
        actual: 'ISTIO_MUTUAL',
        expected: 'no tls at all, or DISABLE',
        ...tlsRemedy(rule, way),
      }));
    }
    const workload = endpoint!.workload;
    if (workload?.labels[TLS_MODE] === 'istio') {
      return this.places.of(workload, '', () => ({
        ...podPlace(workload, 'metadata', 'labels', TLS_MODE),
        actual: '\'istio\'',
        expected: 'no such label: it promises a sidecar',
        fix: `remove label ${TLS_MODE}`,
        remedies: removingLabel(workload, TLS_MODE),
      }));
    }
    const { object } = target.service!;
    return this.places.of(object, '', () => ({
      object,
      field: ['spec', 'addresses'],
      actual: shown(object.spec.addresses),
      expected: 'addresses of the servers with sidecars that the service selects',
      ...tlsAddition(hop, 'DISABLE'),
    }));
  }
}
