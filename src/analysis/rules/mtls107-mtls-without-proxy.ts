import { shown } from '../../findings/shown';
import { TLS_MODE } from '../../mesh/workloads/workload';
import { Calls } from '../calls';
import { DecidedLeg } from '../decided-leg';
import { Evidence } from '../evidence';
import { endpointText } from '../modes';
import { Place, Places } from '../place';
import { podField } from '../pod-field';
import { Rule } from '../rule';
import { TlsPlaces } from '../tls-place';
import { tlsRemedy } from '../tls-remedy';

export const mtlsWithoutProxy: Rule = {
  code: 'MTLS107',
  name: 'mtls-without-proxy',
  severity: 'error',
  title: 'Mutual TLS is sent to a server without a proxy',
  * find(evidence: Evidence) {
    const places = new ProxylessPlaces();
    for (const [place, calls] of Calls.grouped(evidence.mesh, evidence.brokenBy('mtls-without-proxy'), (decided) => places.of(decided))) {
      const { endpoint, server } = calls.first.leg;
      const why = endpoint!.workload ? `has no proxy, since ${server!.because}` : 'is not known to have a proxy';
      yield {
        ...place,
        because: `${calls} are sent mutual TLS, and ${endpointText(endpoint!)} ${why}`,
        connections: calls.connections,
      };
    }
  },
};

/** What makes clients believe that the server has a proxy. */
class ProxylessPlaces {
  private readonly rules = new TlsPlaces();
  private readonly places = new Places();

  of(way: DecidedLeg): Place {
    const { leg } = way;
    const { endpoint, target, tlsReason } = leg;
    const rule = tlsReason === 'rule' ? this.rules.of(leg) : undefined;
    if (rule) {
      return this.places.of(rule, '', () => ({
        object: rule.object,
        field: [...rule.field, 'mode'],
        actual: 'ISTIO_MUTUAL',
        expected: 'no tls at all, or DISABLE',
        fix: tlsRemedy(rule, way),
      }));
    }
    const workload = endpoint!.workload;
    if (workload?.labels[TLS_MODE] === 'istio') {
      return this.places.of(workload, '', () => ({
        object: workload.object,
        field: podField(workload, 'metadata', 'labels', TLS_MODE),
        actual: '\'istio\'',
        expected: 'no such label: it promises a sidecar',
        fix: `remove label ${TLS_MODE}`,
      }));
    }
    const { object } = target.service!;
    return this.places.of(object, '', () => ({
      object,
      field: ['spec', 'addresses'],
      actual: shown(object.spec.addresses),
      expected: 'addresses of the servers with sidecars that the service selects',
      fix: `add a DestinationRule for ${target.host} with tls.mode DISABLE`,
    }));
  }
}
