import { ClusterTls, endpointTls, tlsOfAll } from '../../../src/mesh/dataplane/client-tls';
import { readObject } from '../../../src/mesh/inventory/object';
import { TlsSettings } from '../../../src/mesh/policies/destination-rule';
import { kubernetesService } from '../../../src/mesh/services/kubernetes-service';
import { destinationRule, mergedRule, mesh, mode, peerAuthentication, service, tls as tlsOf } from '../../support/meshes/mesh';

const hint = (value: TlsSettings['mode']) => mergedRule(destinationRule('b/d', { host: 'x', ...tlsOf(value) })).policy!.tls!;
const SERVICE = kubernetesService(readObject(service('b/server', [80]))!);
const ENDPOINT = { port: 80, namespace: 'b', labels: {}, tlsMode: 'istio' };

test.each<[string, Partial<ClusterTls>, object, string, string | undefined]>([
  ['the TLS that the rule sets for all', { fixed: 'SIMPLE', reason: 'rule', by: hint('SIMPLE').at }, { tlsMode: 'disabled' }, 'SIMPLE: rule', 'd spec.trafficPolicy.tls'],
  ['plaintext to an endpoint without the tlsMode label', { hint: hint('ISTIO_MUTUAL') }, { tlsMode: 'disabled' }, 'PLAINTEXT: endpoint-without-tls', 'server spec'],
  ['mutual TLS to an endpoint with the tlsMode label', {}, {}, 'ISTIO_MUTUAL: auto-mtls', undefined],
  ['plaintext to a DISABLE port', {}, { namespace: 'off' }, 'PLAINTEXT: endpoint-without-tls', 'p spec.mtls.mode'],
  ['mutual TLS to an endpoint that a rule marks, even with a DISABLE port', { hint: hint('ISTIO_MUTUAL') }, { namespace: 'off' }, 'ISTIO_MUTUAL: auto-mtls', 'd spec.trafficPolicy.tls'],
  ['plaintext to an endpoint that a rule unmarks', { hint: hint('SIMPLE') }, {}, 'PLAINTEXT: rule-hides-endpoint', 'd spec.trafficPolicy.tls'],
])('a client sends %s', (_, cluster, endpoint, expected, decisive) => {
  const { policies } = mesh([peerAuthentication('off/p', mode('DISABLE'))]).planes.default;
  const ofCluster: ClusterTls = { reason: 'auto-mtls', originalDestination: false, needsServers: true, ...cluster };
  const scope = { knowsPoliciesOf: () => true };
  const { tls, reason, by } = tlsOfAll(ofCluster) ?? endpointTls(ofCluster, { ...ENDPOINT, ...endpoint }, SERVICE, policies, scope);
  expect([`${tls}: ${reason}`, by && `${by.object.name} ${by.field.join('.')}`]).toEqual([expected, decisive]);
});
