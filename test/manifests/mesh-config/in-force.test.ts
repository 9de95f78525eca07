import { fieldsInForce } from '../../../src/manifests/mesh-config/in-force';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';

const fieldsIn = (text: string) => fieldsInForce(readYaml(text) ?? {});

// Each verdict is that of istiod's own reader, mesh.ApplyMeshConfigDefaults.

test.each([
  "{trustDomain: 'a.'}", '{trustDomainAliases: [a.]}', '{connectTimeout: 1ms}', '{connectTimeout: 3600s}', '{connectTimeout: null}', '{proxyListenPort: null}', '{proxyInboundListenPort: 99999}',
  "{defaultConfig: {discoveryAddress: '[::1]:80'}}", "{defaultConfig: {discoveryAddress: 'a:+80'}}", "{defaultConfig: {statsdUdpAddress: ''}}", '{defaultConfig: {serviceCluster: null}}',
  '{defaultConfig: {tracingServiceName: CANONICAL_NAME_ONLY}}', '{defaultConfig: {privateKeyProvider: {cryptomb: {pollDelay: 0s}, qat: {pollDelay: 1s}}}}',
  '{defaultConfig: {tracing: {tlsSettings: {mode: MUTUAL, clientCertificate: a, privateKey: b}}}}',
  '{defaultConfig: {tracing: {tlsSettings: {mode: SIMPLE, insecureSkipVerify: true, subjectAltNames: []}}}}', '{default_config: {statusPort: 0}}',
  '{localityLbSetting: {}}', '{localityLbSetting: null}', "{localityLbSetting: {distribute: [{from: a, to: {a: 100}}, {from: '*', to: {a: 100}}]}}",
  "{localityLbSetting: {distribute: [{from: 'a/b', to: {a: 100}}, {from: 'a/*', to: {a: 100}}]}}", "{localityLbSetting: {distribute: [{from: 'a/b/c', to: {a: 100}}, {from: 'a/b/*', to: {a: 100}}]}}",
  '{localityLbSetting: {failover: [{from: a}]}}', '{defaultTrafficPolicy: {connectionPool: {tcp: {idleTimeout: 100us}}}}', '{defaultTrafficPolicy: {outlierDetection: {consecutiveLocalOriginFailures: 0}}}',
  "{serviceSettings: [{hosts: ['*a.b']}]}", '{extensionProviders: [{name: x}]}', '{meshMTLS: {ecdhCurves: []}}', '{tlsDefaults: {ecdhCurves: [x]}}', '{trust_domain: 5, trustDomain: x}',
  "{defaultConfig: {tracing: {zipkin: {}, datadog: {address: 'a:1'}}}}", '# x',
])('istiod accepts the mesh config %s', (text) => {
  expect(fieldsIn(text)).toBeDefined();
});

test.each([
  '{trustDomainAliases: [null]}', '{serviceSettings: [{hosts: [null]}]}', "{serviceSettings: [{hosts: ['']}]}", "{serviceSettings: [{hosts: ['a.1']}]}",
  "{defaultConfig: {discoveryAddress: 'a.1:80'}}", "{defaultConfig: {discoveryAddress: '::1:80'}}", "{defaultConfig: {discoveryAddress: 'a_b:80'}}", "{defaultConfig: {tracing: {zipkin: {address: ''}}}}",
  "{defaultConfig: {tracing: {tlsSettings: {mode: SIMPLE, credentialName: 'configmap://x'}}}}", '{defaultConfig: {tracing: {tlsSettings: {mode: SIMPLE, insecureSkipVerify: true, caCertificates: x}}}}',
  '{defaultConfig: {tracing: {tlsSettings: {mode: SIMPLE, credentialName: a, caCertificates: b}}}}', '{defaultConfig: {privateKeyProvider: {cryptomb: {}}}}',
  '{defaultConfig: {privateKeyProvider: {cryptomb: {pollDelay: 1s}, qat: {pollDelay: 0s}}}}', '{defaultConfig: {connectionSettings: {httpMaxConcurrentStreams: 0}}}',
  "{defaultConfig: {connectionSettings: {httpIdleTimeout: '-1s'}}}", '{defaultConfig: {controlPlaneAuthPolicy: 7}}', '{defaultConfig: {drainDuration: 1500ms}}', "{defaultConfig: {configPath: ''}}",
  '{default_config: {statusPort: x}}', '{default_providers: {metrics: x}}', '{localityLbSetting: {distribute: [{from: a, to: {}}]}}', '{localityLbSetting: {distribute: [{to: {a: 100}}]}}',
  "{localityLbSetting: {distribute: [{from: '*', to: {a: 100}}, {from: a, to: {a: 100}}]}}", "{localityLbSetting: {distribute: [{from: 'a/*', to: {a: 100}}, {from: 'a/b', to: {a: 100}}]}}",
  "{localityLbSetting: {distribute: [{from: 'a/b', to: {a: 100}}, {from: a, to: {a: 100}}]}}", "{localityLbSetting: {distribute: [{from: 'a/*/c', to: {a: 100}}]}}",
  "{localityLbSetting: {failover: [{from: a, to: 'b/c'}]}}", '{localityLbSetting: {failover: [{from: a, to: b}], failoverPriority: [topology.kubernetes.io/zone]}}', '{zoneAwareLbSetting: {failover: [{}]}}',
  '{defaultTrafficPolicy: {connectionPool: {}}}', '{defaultTrafficPolicy: {connectionPool: {tcp: {connectTimeout: 0s}}}}', '{defaultTrafficPolicy: {connectionPool: {http: {maxRetries: -1}}}}',
  '{defaultTrafficPolicy: {outlierDetection: {consecutiveLocalOriginFailures: 1}}}', '{enableAutoMtls: "true"}', '[]', '5', "{outboundTrafficPolicy: {mode: '1'}}",
])('istiod rejects the mesh config %s', (text) => {
  expect(fieldsIn(text)).toBeUndefined();
});

test('of several fields of a oneof, the last one in the API\'s source applies', () => {
  expect(fieldsIn('{defaultConfig: {tracing: {datadog: {address: "a:1"}, zipkin: {address: "b:1"}}}}')).toEqual({ defaultConfig: { tracing: { datadog: { address: 'a:1' } } } });
});
