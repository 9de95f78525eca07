// Mistakes in what all kinds have in common.
import { type Draw } from './draw';
import { ODD_TEXTS } from './texts';
import type { Fields } from '../../manifest';

const ODD = [...ODD_TEXTS, 1, true, null, Object.freeze({}), Object.freeze([])];
const KEYS = ['app', 'istio.io/rev', 'istio.io/dry-run', 'internal.istio.io/x', 'kubernetes.io/name', 'a/b/c', '-a', '', 'UPPER/a', 'Upper', 'a'.repeat(64), 'x/'.padEnd(66, 'a')];

/** A mistake in the metadata, or in the whole object, which is changed in place. */
type Change = (draw: Draw, object: Fields) => void;

const CHANGES: readonly Change[] = [
  (draw, metadata) => { metadata.name = draw.pick(ODD); },
  (draw, metadata) => { delete metadata.name; if (draw.once(2)) metadata.generateName = draw.pick(ODD); },
  (draw, metadata) => { metadata.namespace = draw.pick(ODD.filter((value) => value !== '')); },
  (draw, metadata) => { metadata.labels = { [draw.pick(KEYS)]: draw.pick(ODD) }; },
  (draw, metadata) => { metadata.annotations = { [draw.pick(KEYS)]: draw.pick(['true', 'false', 'maybe', ...ODD]) }; },
  (draw, metadata) => { metadata.annotations = { 'istio.io/dry-run': draw.pick(['true', 'false', '1', 'TRUE', 'yes', '']) }; },
  (draw, metadata) => { metadata.finalizers = [draw.pick(['example.com/x', 'x', 'foregroundDeletion', 'orphan', '', 'a/b/c'])]; },
  (draw, metadata) => { metadata.ownerReferences = [{ apiVersion: draw.pick(['v1', 'apps/v1', '', 'a/b/c']), kind: draw.pick(['Pod', 'Event', '']), name: draw.pick(['x', '']), uid: draw.pick(['1', '']), ...draw.once(2) ? { controller: true } : {} }]; },
  (draw, metadata) => { metadata[draw.pick(['label', 'Name', 'clusterName', 'foo', 'generation', 'uid', 'creationTimestamp', 'selfLink', 'managedFields'])] = draw.pick(['x', 1, null, true, [], '2026-01-01T00:00:00Z']); },
];

export function metadataMistake(draw: Draw, { metadata }: Fields): true {
  draw.pick(CHANGES)(draw, metadata);
  return true;
}

export function typeMistake(draw: Draw, object: Fields): true {
  const [group, version] = object.apiVersion.split('/');
  object.apiVersion = `${group}/${draw.pick(['v1', 'v1beta1', 'v1alpha3', 'v1alpha1', 'v2', version.toUpperCase()])}`;
  return true;
}

const TOP_CHANGES: readonly Change[] = [
  (draw, object) => { object[draw.pick(['data', 'Spec', 'specs', 'foo', 'type'])] = draw.pick(['x', 1, null, true]); },
  (draw, object) => { object.spec = draw.pick([null, 'text', 1, true]); },
  (_, object) => { object.spec = []; },
  (_, object) => { object.spec = {}; },
  (_, object) => { delete object.spec; },
  (draw, object) => { object.status = draw.pick([null, 5, 'x', true]); },
  (draw, object) => { object.status = { conditions: [{ [draw.pick(['type', 'status', 'typo'])]: draw.pick(['x', 1, null]) }] }; },
  (draw, object) => { object.status = { [draw.pick(['observedGeneration', 'validationMessages', 'unknown'])]: draw.pick([1, 'x', null]) }; },
];

export function topMistake(draw: Draw, object: Fields): true {
  draw.pick(TOP_CHANGES)(draw, object);
  return true;
}
