// Objects of the Gateway API that istiod takes for mesh calls: routes whose parents are Services and ServiceEntries, and policies.
import fc from 'fast-check';
import { appName, maybe, namespace, objects, present, servicePort } from './words';

const kindOf = { HTTPRoute: 'gateway.networking.k8s.io/v1', GRPCRoute: 'gateway.networking.k8s.io/v1', TCPRoute: 'gateway.networking.k8s.io/v1alpha2', TLSRoute: 'gateway.networking.k8s.io/v1alpha3' };

const parent = fc.oneof(
  { weight: 8, arbitrary: fc.record({ group: fc.constant(''), kind: fc.constant('Service'), name: appName, namespace: maybe(namespace), port: maybe(servicePort, 3) }).map(present) },
  { weight: 2, arbitrary: fc.record({ group: fc.constant('networking.istio.io'), kind: fc.constant('ServiceEntry'), name: fc.constantFrom('e1', 'e2'), namespace: maybe(namespace) }).map(present) },
  { weight: 1, arbitrary: fc.constant({ name: 'gateway' }) },
);

const backend = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ name: appName, port: servicePort, namespace: maybe(namespace), weight: maybe(fc.constantFrom(0, 1), 4) }).map(present),
  },
  { weight: 1, arbitrary: servicePort.map((port) => ({ group: 'networking.istio.io', kind: 'Hostname', name: 'ext.example.com', port })) },
);
const backendRefs = fc.array(backend, { minLength: 1, maxLength: 2 });
const path = fc.constantFrom('/', '/api').map((value) => [{ path: { type: 'PathPrefix', value } }]);

/** The revision that an object is for alone; this istiod isn't it. */
const labels = maybe(fc.constant({ 'istio.io/rev': 'other' }), 8);

const httpRules = fc.array(fc.record({ matches: maybe(path), backendRefs }).map(present), { minLength: 1, maxLength: 2 });
const otherRules = backendRefs.map((refs) => [{ backendRefs: refs }]);
const sni = fc.constantFrom('web.a.svc.cluster.local', 'api.a.svc.cluster.local', 'ext.example.com', '*.example.com');

const specs = {
  HTTPRoute: fc.record({ rules: httpRules }),
  GRPCRoute: fc.record({ rules: otherRules }),
  TCPRoute: fc.record({ rules: otherRules }),
  TLSRoute: fc.record({ hostnames: fc.uniqueArray(sni, { minLength: 1, maxLength: 2 }), rules: otherRules }),
};

const route = fc.constantFrom('HTTPRoute', 'HTTPRoute', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TCPRoute', 'TLSRoute').chain((kind) =>
  fc.record({ name: fc.constantFrom('r1', 'r2'), ns: namespace, own: labels, parentRefs: fc.array(parent, { minLength: 1, maxLength: 2 }), spec: specs[kind] })
    .map(({ name, ns, own, parentRefs, spec }) => ({
      apiVersion: kindOf[kind], kind, metadata: present({ name, namespace: ns, labels: own }), spec: { parentRefs, ...spec },
    })));

/** In one mesh of five. */
export const gatewayApiRoutes = maybe(objects(route, 2, 1), 5).map((routes) => routes ?? []);

const target = fc.oneof(
  { weight: 5, arbitrary: fc.record({ group: fc.constant(''), kind: fc.constant('Service'), name: appName, sectionName: maybe(fc.constantFrom('http-80', 'tcp-80'), 3) }).map(present) },
  { weight: 1, arbitrary: fc.constantFrom('e1', 'e2').map((name) => ({ group: 'networking.istio.io', kind: 'ServiceEntry', name })) },
);
const tlsPolicy = fc.record({ name: fc.constantFrom('p1', 'p2'), ns: namespace, own: labels, one: target }).map(({ name, ns, own, one }) => ({
  apiVersion: 'gateway.networking.k8s.io/v1', kind: 'BackendTLSPolicy', metadata: present({ name, namespace: ns, labels: own }),
  spec: { targetRefs: [one], validation: { hostname: 'web.example.com', wellKnownCACertificates: 'System' } },
}));
const trafficPolicy = fc.record({ name: fc.constantFrom('p1', 'p2'), ns: namespace, one: appName }).map(({ name, ns, one }) => ({
  apiVersion: 'gateway.networking.x-k8s.io/v1alpha1', kind: 'XBackendTrafficPolicy', metadata: { name, namespace: ns },
  spec: { targetRefs: [{ group: '', kind: 'Service', name: one }], retryConstraint: { budget: { percent: 20, interval: '10s' } } },
}));

const policy = fc.oneof({ weight: 3, arbitrary: tlsPolicy }, { weight: 1, arbitrary: trafficPolicy });

/** In one mesh of eight. */
export const backendPolicies = maybe(objects(policy, 2, 1), 8).map((policies) => policies ?? []);
