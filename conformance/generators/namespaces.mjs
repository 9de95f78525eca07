// Namespaces with every way of asking, or not asking, for sidecars.
import fc from 'fast-check';
import { NAMESPACES } from './words.mjs';

const labels = fc.oneof(
  { weight: 14, arbitrary: fc.constant({ 'istio-injection': 'enabled' }) },
  { weight: 2, arbitrary: fc.constant({ 'istio.io/rev': 'default' }) },
  { weight: 1, arbitrary: fc.constant({ 'istio.io/rev': 'canary' }) },
  { weight: 1, arbitrary: fc.constant({ 'istio-injection': 'disabled' }) },
  { weight: 1, arbitrary: fc.constant({ 'istio-injection': 'disabled', 'istio.io/rev': 'default' }) },
  { weight: 1, arbitrary: fc.constant({ 'istio.io/dataplane-mode': 'ambient' }) },
  { weight: 2, arbitrary: fc.constant({}) },
);

/** The namespaces that the objects use; now and then one is missing, and nobody knows its labels. */
export const namespaces = fc.tuple(...NAMESPACES.map((name) => fc.option(labels, { nil: undefined, freq: 20 }).map((own) => [name, own])))
  .map((pairs) => pairs.filter(([, own]) => own !== undefined).map(([name, own]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: own } })));
