import { AutoMtls, ClusterTls, clusterTls } from '../../../src/mesh/dataplane/client-tls';
import { readObject } from '../../../src/mesh/inventory/object';
import { kubernetesService } from '../../../src/mesh/services/kubernetes-service';
import { Service } from '../../../src/mesh/services/service';
import { servicesOfEntry } from '../../../src/mesh/services/service-entry';
import { destinationRule, mergedRule, mode, peerAuthentication, service, serviceEntry } from '../../support/meshes/mesh';

const AUTO: AutoMtls = { enabled: true, fallsBackToRule: true, trustsConfigMaps: true, disabledByPolicy: () => undefined, allEndpoints: () => true };
const PASSTHROUGH = { loadBalancer: { simple: 'PASSTHROUGH' } };
const onPort = (port: number, settings: object) => ({ portLevelSettings: [{ port: { number: port }, ...settings }] });
const kubernetes = (spec: object) => (): Service => kubernetesService(readObject(service('b/server', [80], spec))!);
const [PLAIN, HEADLESS] = [kubernetes({}), kubernetes({ clusterIP: 'None' })];
const OUTSIDE = (): Service => servicesOfEntry(readObject(serviceEntry('b/e', { hosts: ['x.example.com'], resolution: 'STATIC', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] }))!)[0];

const OFF = { object: readObject(peerAuthentication('b/p', mode('DISABLE')))!, field: ['spec', 'mtls', 'mode'] };

interface Given {
  policy?: object;
  subset?: object;
  auto?: Partial<AutoMtls>;
  to?: () => Service;
}

/** The TLS that a client sends under a rule with these policies of the host and of a subset. */
function decided({ policy, subset, auto, to = PLAIN }: Given): ClusterTls {
  const subsets = subset && [{ name: 'v1', trafficPolicy: subset }];
  const rule = (policy ?? subset) && mergedRule(destinationRule('b/d', { host: 'server', trafficPolicy: policy, subsets }));
  const called = to();
  return clusterTls(called, called.ports[0], rule, rule?.subsets[0], { ...AUTO, ...auto });
}
const words = (given: Given) => {
  const { fixed, reason } = decided(given);
  return `${fixed ?? 'each endpoint'}: ${reason}`;
};

test.each<[string, Given, string]>([
  ['auto mTLS decides for each endpoint', {}, 'each endpoint: auto-mtls'],
  ['the mesh config turns auto mTLS off', { auto: { enabled: false } }, 'PLAINTEXT: auto-mtls-off'],
  ['a DISABLE policy turns auto mTLS off', { auto: { disabledByPolicy: () => OFF } }, 'PLAINTEXT: policy-disables'],
  ['the service is outside the mesh, whatever else holds', { to: OUTSIDE, auto: { enabled: false } }, 'PLAINTEXT: external'],
  ['the service is headless', { to: HEADLESS }, 'ISTIO_MUTUAL: auto-mtls'],
  ['not all pods of a headless service have a sidecar', { to: HEADLESS, auto: { allEndpoints: () => false, disabledByPolicy: () => OFF } }, 'PLAINTEXT: not-all-endpoints'],
  ['not all pods of an ordinary service have a sidecar', { auto: { allEndpoints: () => false } }, 'each endpoint: auto-mtls'],
  ['a rule has mode SIMPLE', { policy: { tls: { mode: 'SIMPLE' } } }, 'SIMPLE: rule'],
  ['a rule has mode DISABLE', { policy: { tls: { mode: 'DISABLE' } } }, 'PLAINTEXT: rule'],
  ['a rule has mode ISTIO_MUTUAL', { policy: { tls: { mode: 'ISTIO_MUTUAL' } }, auto: { enabled: false } }, 'ISTIO_MUTUAL: rule'],
  ['a rule of mode MUTUAL lacks certificates', { policy: { tls: { mode: 'MUTUAL' } } }, 'PLAINTEXT: rule-without-effect'],
])('the cluster\'s TLS if %s', (_, given, expected) => {
  expect(words(given)).toBe(expected);
});

describe('load balancing PASSTHROUGH keeps the called address', () => {
  test.each([
    ['if the rule sets it', { policy: PASSTHROUGH }, true, false],
    ['if the rule sets it for the port', { policy: onPort(80, PASSTHROUGH) }, true, false],
    ['not if the rule sets it for another port', { policy: onPort(81, PASSTHROUGH) }, false, true],
    ['if the subset sets it', { subset: PASSTHROUGH }, true, false],
    ['if the subset sets it and the rule doesn\'t', { policy: { tls: undefined }, subset: PASSTHROUGH }, true, false],
    ['if the rule sets it and the subset doesn\'t mention it', { policy: PASSTHROUGH, subset: { connectionPool: {} } }, true, false],
    ['if the rule sets it and the subset has settings for the port without it', { policy: PASSTHROUGH, subset: onPort(80, {}) }, true, false],
    ['if the subset sets it and has settings for the port without it', { subset: { ...PASSTHROUGH, ...onPort(80, {}) } }, true, false],
    ['if the subset sets it for the port', { subset: onPort(80, PASSTHROUGH) }, true, true],
    ['not with another load balancing', { policy: { loadBalancer: { simple: 'RANDOM' } }, subset: { loadBalancer: {} } }, false, true],
  ])('%s', (_, given, expected, needsServers) => {
    expect(decided(given)).toMatchObject({ originalDestination: expected, needsServers });
    expect(words(given)).toBe(expected ? 'ISTIO_MUTUAL: auto-mtls' : 'each endpoint: auto-mtls');
  });

  test.each([
    ['the rule sets it for all ports', { policy: PASSTHROUGH }, 'PLAINTEXT: not-all-endpoints'],
    ['the rule sets it for the port only', { policy: onPort(80, PASSTHROUGH) }, 'ISTIO_MUTUAL: auto-mtls'],
    ['the subset sets it', { subset: PASSTHROUGH }, 'PLAINTEXT: not-all-endpoints'],
    ['the rule sets it and the subset doesn\'t mention it', { policy: PASSTHROUGH, subset: { connectionPool: {} } }, 'ISTIO_MUTUAL: auto-mtls'],
  ])('and requires sidecars in all pods for mutual TLS only in some cases: %s', (_, given, expected) => {
    expect(words({ ...given, auto: { allEndpoints: () => false } })).toBe(expected);
  });
});

test.each<[string, Given, string | undefined]>([
  ['none with auto mTLS', {}, undefined],
  ['the mesh config', { auto: { enabled: false, disabledAt: OFF } }, 'p spec.mtls.mode'],
  ['a policy', { auto: { disabledByPolicy: () => OFF } }, 'p spec.mtls.mode'],
  ['the ServiceEntry', { to: OUTSIDE }, 'e spec.location'],
  ['the headless Service', { to: HEADLESS }, 'server spec'],
  ['the headless Service, of which a pod has no sidecar', { to: HEADLESS, auto: { allEndpoints: () => false } }, 'server spec'],
  ['the rule', { policy: { tls: { mode: 'SIMPLE' } } }, 'd spec.trafficPolicy.tls'],
  ['the rule\'s settings for the port', { policy: { tls: { mode: 'SIMPLE' }, ...onPort(80, { tls: { mode: 'DISABLE' } }) } }, 'd spec.trafficPolicy.portLevelSettings.0.tls'],
  ['the subset', { policy: { tls: { mode: 'SIMPLE' } }, subset: { tls: { mode: 'DISABLE' } } }, 'd spec.subsets.0.trafficPolicy.tls'],
  ['the rule that sets PASSTHROUGH', { policy: PASSTHROUGH }, 'd spec.trafficPolicy.loadBalancer.simple'],
  ['the rule that sets PASSTHROUGH, with a subset that doesn\'t mention it', { policy: PASSTHROUGH, subset: { connectionPool: {} } }, 'd spec.trafficPolicy.loadBalancer.simple'],
  ['the subset that sets PASSTHROUGH', { policy: PASSTHROUGH, subset: PASSTHROUGH }, 'd spec.subsets.0.trafficPolicy.loadBalancer.simple'],
  ['the subset\'s settings for the port with PASSTHROUGH', { subset: onPort(80, PASSTHROUGH) }, 'd spec.subsets.0.trafficPolicy.portLevelSettings.0.loadBalancer.simple'],
])('the deciding field: %s', (_, given, expected) => {
  const { by } = decided(given);
  expect(by && `${by.object.name} ${by.field.join('.')}`).toBe(expected);
});

describe('the TLS mode with which a rule marks endpoints is', () => {
  test.each([
    ['none without a rule', {}, undefined],
    ['the TLS for all ports if the port has none', { policy: { tls: { mode: 'SIMPLE' }, ...onPort(80, {}) } }, 'SIMPLE'],
    ['the subset\'s before the rule\'s', { policy: { tls: { mode: 'SIMPLE' } }, subset: { tls: { mode: 'ISTIO_MUTUAL' }, ...onPort(80, {}) } }, 'ISTIO_MUTUAL'],
    ['the rule\'s if the subset has none', { policy: { tls: { mode: 'SIMPLE' } }, subset: onPort(80, {}) }, 'SIMPLE'],
    ['not that of another port of the subset', { policy: { tls: { mode: 'SIMPLE' }, ...onPort(80, {}) }, subset: { connectionPool: {}, ...onPort(81, { tls: { mode: 'DISABLE' } }) } }, 'SIMPLE'],
  ])('%s', (_, given, expected) => {
    expect(decided(given).hint?.mode).toBe(expected);
  });
});
