import { readTrafficPolicy, TrafficPolicy } from './traffic-policy';
import { fullHost } from '../names/hosts';
import { Labels } from '../names/selector';
import { FieldRef, within } from '../objects/field-ref';
import { byAge, MeshObject } from '../objects/mesh-object';
import { indexedShapes, isShape, labelsOf, Shape, shape, text, texts } from '../objects/shape';

/** A DestinationRule. */
export interface DestinationRule {
  readonly object: MeshObject;
  readonly host: string;
  /** `exportTo` as it counts: a rule for selected workloads is for its own namespace only. */
  readonly exportTo: ReadonlySet<string>;
  readonly workloadSelector?: Labels;
  readonly policy?: TrafficPolicy;
  readonly subsets: readonly Subset[];
}

export interface Subset {
  readonly name: string;
  readonly labels: Labels;
  readonly policy?: TrafficPolicy;
  /** The rule that defines it, and where. */
  readonly object: MeshObject;
  readonly at: FieldRef;
}

const OWN_NAMESPACE: ReadonlySet<string> = new Set(['.']);

export function readDestinationRule(object: MeshObject): DestinationRule {
  const { spec } = object;
  const selected = isShape(spec.workloadSelector);
  return {
    object,
    host: fullHost(text(spec.host) ?? '', object),
    exportTo: selected ? OWN_NAMESPACE : new Set(texts(spec.exportTo)),
    workloadSelector: selected ? labelsOf(shape(spec.workloadSelector).matchLabels) : undefined,
    policy: readTrafficPolicy(spec.trafficPolicy, { object, field: ['spec', 'trafficPolicy'] }),
    subsets: indexedShapes(spec.subsets).map(([index, subset]) => readSubset(subset, { object, field: ['spec', 'subsets', index] })),
  };
}

function readSubset({ name, labels, trafficPolicy }: Shape, at: FieldRef): Subset {
  return { name: text(name) ?? '', labels: labelsOf(labels), policy: readTrafficPolicy(trafficPolicy, within(at, 'trafficPolicy')), object: at.object, at };
}

/** istiod takes the rules for selected workloads first, then the oldest. */
export function compareRules(left: DestinationRule, right: DestinationRule): number {
  const selected = Number(right.workloadSelector !== undefined) - Number(left.workloadSelector !== undefined);
  return selected || byAge(left.object, right.object);
}
