// PeerAuthentications: for the mesh, namespaces, workloads and ports; several for one place, empty selectors, UNSET.
import fc from 'fast-check';
import { containerPort, namespace, objects, present, selector, servicePort } from './words';

const mode = fc.constantFrom('STRICT', 'STRICT', 'PERMISSIVE', 'DISABLE', 'DISABLE', 'UNSET');
const mtls = fc.option(mode.map((value) => ({ mode: value })), { nil: undefined, freq: 6 });
const anyPort = fc.oneof(containerPort, servicePort).map(String);
const portLevelMtls = fc.dictionary(anyPort, mode.map((value) => ({ mode: value })), { minKeys: 1, maxKeys: 2 });

const wide = fc.record({ selector: fc.constantFrom(undefined, undefined, undefined, {}, { matchLabels: {} }), mtls });
const narrow = fc.record({
  selector: selector.map((matchLabels) => ({ matchLabels })), mtls, portLevelMtls: fc.option(portLevelMtls, { nil: undefined }),
});

const policy = fc.record({ name: fc.constantFrom('p1', 'p2', 'p3', 'p4'), ns: fc.oneof(namespace, fc.constant('istio-system')), spec: fc.oneof(wide, narrow) })
  .map(({ name, ns, spec }) => ({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name, namespace: ns }, spec: present(spec) }));

export const policies = objects(policy, 6);
