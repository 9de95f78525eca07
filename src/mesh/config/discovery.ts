import { DiscoverySelector, LabelExpression, MeshConfig } from './mesh-config';
import { Labels, selects } from '../names/selector';

/** Whether istiod reads a namespace's objects; undefined when the namespace's labels would say, and are unknown. */
export function discovers(config: MeshConfig, labels: Labels | undefined): boolean | undefined {
  if (config.discoverySelectors.length === 0) return true;
  return labels && config.discoverySelectors.some((selector) => matches(selector, labels));
}

function matches({ matchLabels, matchExpressions }: DiscoverySelector, labels: Labels): boolean {
  return selects(matchLabels, labels) && matchExpressions.every((expression) => holds(expression, labels));
}

function holds({ key, operator, values }: LabelExpression, labels: Labels): boolean {
  switch (operator) {
    case 'In': return key in labels && values.includes(labels[key]);
    case 'NotIn': return !(key in labels && values.includes(labels[key]));
    case 'Exists': return key in labels;
    default: return !(key in labels); // DoesNotExist
  }
}
