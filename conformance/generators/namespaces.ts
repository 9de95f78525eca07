// Namespaces with every way of asking, or not asking, for sidecars.
import fc, { type Arbitrary } from 'fast-check';
import type { Manifest } from '../manifest';
import { type Labels } from '../specs';
import { NAMESPACES } from './words';

const labels: Arbitrary<Labels> = fc.oneof(
  { weight: 14, arbitrary: fc.constant({ 'istio-injection': 'enabled' }) },
  { weight: 2, arbitrary: fc.constant({ 'istio.io/rev': 'default' }) },
  { weight: 1, arbitrary: fc.constant({ 'istio.io/rev': 'canary' }) },
  { weight: 1, arbitrary: fc.constant({ 'istio-injection': 'disabled' }) },
  { weight: 1, arbitrary: fc.constant({ 'istio-injection': 'disabled', 'istio.io/rev': 'default' }) },
  { weight: 1, arbitrary: fc.constant({ 'istio.io/dataplane-mode': 'ambient' }) },
  { weight: 2, arbitrary: fc.constant({}) },
);

const rarelyMissing = fc.option(labels, { nil: undefined, freq: 20 });

/** The namespaces that the objects use; now and then one is missing, and its labels are unknown. */
export const namespaces: Arbitrary<Manifest[]> = fc.tuple(...NAMESPACES.map((name) => rarelyMissing.map((own) => ({ name, labels: own }))))
  .map((all) => all.flatMap(({ name, labels: own }) => (own === undefined ? [] : [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: own } }])));
