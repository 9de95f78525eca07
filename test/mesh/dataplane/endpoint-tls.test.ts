import { ClusterTls, endpointTls } from '../../../src/mesh/dataplane/client-tls';
import { TlsSettings } from '../../../src/mesh/policies/destination-rule';
import { destinationRule, mergedRule, mesh, mode, peerAuthentication, tls as tlsOf } from '../../support/mesh';

const hint = (value: TlsSettings['mode']) => mergedRule(destinationRule('b/d', { host: 'x', ...tlsOf(value) })).policy!.tls!;
const ENDPOINT = { port: 80, namespace: 'b', labels: {}, tlsMode: 'istio' };

test.each<[string, Partial<ClusterTls>, object, string]>([
  ['what the rule fixes for all', { fixed: 'SIMPLE', reason: 'rule' }, { tlsMode: 'disabled' }, 'SIMPLE: rule'],
  ['plaintext to who doesn\'t say that it speaks the mesh\'s TLS', { hint: hint('ISTIO_MUTUAL') }, { tlsMode: 'disabled' }, 'PLAINTEXT: endpoint-without-tls'],
  ['mutual TLS to who does', {}, {}, 'ISTIO_MUTUAL: auto-mtls'],
  ['plaintext to a port that is DISABLE', {}, { namespace: 'off' }, 'PLAINTEXT: endpoint-without-tls'],
  ['mutual TLS to an endpoint that a rule marks, even DISABLE', { hint: hint('ISTIO_MUTUAL') }, { namespace: 'off' }, 'ISTIO_MUTUAL: auto-mtls'],
  ['plaintext to one that a rule unmarks', { hint: hint('SIMPLE') }, {}, 'PLAINTEXT: rule-hides-endpoint'],
])('a client sends %s', (_, cluster, endpoint, expected) => {
  const { policies } = mesh([peerAuthentication('off/p', mode('DISABLE'))]).planes.default;
  const { tls, reason } = endpointTls({ reason: 'auto-mtls', originalDestination: false, needsServers: true, ...cluster }, { ...ENDPOINT, ...endpoint }, policies);
  expect(`${tls}: ${reason}`).toBe(expected);
});
