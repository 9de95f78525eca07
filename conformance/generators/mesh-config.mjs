// Mesh configs: the default one, or one with some of what decides mutual TLS set.
import fc from 'fast-check';
import { maybe, present, ROOTS } from './words.mjs';

const visibility = maybe(fc.constantFrom(['*'], ['.']), 4);

const config = fc.record({
  enableAutoMtls: maybe(fc.constantFrom(true, false), 2),
  rootNamespace: maybe(fc.constantFrom(...ROOTS), 4),
  defaultServiceExportTo: visibility,
  defaultVirtualServiceExportTo: visibility,
  defaultDestinationRuleExportTo: visibility,
  discoverySelectors: maybe(fc.constantFrom([{ matchLabels: { 'istio-injection': 'enabled' } }], [{ matchExpressions: [{ key: 'istio.io/dataplane-mode', operator: 'DoesNotExist' }] }]), 12),
  outboundTrafficPolicy: maybe(fc.constantFrom({ mode: 'REGISTRY_ONLY' }, { mode: 'ALLOW_ANY' }, {}), 3),
}).map(present);

/** None, or a ConfigMap `istio`. Its text is JSON, which is YAML too. */
export const meshConfig = fc.option(config, { nil: undefined, freq: 2 }).map((mesh) => (mesh === undefined ? [] : [{
  apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: JSON.stringify(mesh) },
}]));
