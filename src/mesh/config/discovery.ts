import { DiscoverySelector, LabelExpression, MeshConfig } from './mesh-config';
import { Labels } from '../names/selector';

/** The label that every namespace has. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Whether istiod reads a namespace's objects; undefined when labels other than its name would say, and are unknown. */
export function discovers(config: MeshConfig, namespace: string, labels: Labels | undefined): boolean | undefined {
  if (config.discoverySelectors.length === 0) return true;
  const answers = config.discoverySelectors.map((selector) => matches(selector, namespace, labels));
  return answers.includes(true) || (answers.includes(undefined) ? undefined : false);
}

function matches({ matchLabels, matchExpressions }: DiscoverySelector, namespace: string, labels: Labels | undefined): boolean | undefined {
  const equalities = Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'In', values: [value] }));
  const answers = [...equalities, ...matchExpressions].map((expression) =>
    (labels || expression.key === NAMESPACE_NAME ? holds(expression, labels ?? { [NAMESPACE_NAME]: namespace }) : undefined));
  return !answers.includes(false) && (answers.includes(undefined) ? undefined : true);
}

function holds({ key, operator, values }: LabelExpression, labels: Labels): boolean {
  switch (operator) {
    case 'In': return Object.hasOwn(labels, key) && values.includes(labels[key]);
    case 'NotIn': return !(Object.hasOwn(labels, key) && values.includes(labels[key]));
    case 'Exists': return Object.hasOwn(labels, key);
    default: return !(Object.hasOwn(labels, key)); // DoesNotExist
  }
}
