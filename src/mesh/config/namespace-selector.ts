import { byYamlNames } from './proto-yaml';
import { Labels } from '../names/selector';
import { labelsOf, Shape, shapes, text, texts } from '../objects/shape';

/** The label that every namespace has. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** A label selector of the mesh config's, for namespaces. */
export interface NamespaceSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly LabelExpression[];
}

interface LabelExpression {
  readonly key: string;
  readonly operator: string;
  readonly values: ReadonlySet<string>;
}

export function readNamespaceSelector(written: Shape): NamespaceSelector {
  const selector = byYamlNames(written);
  return {
    matchLabels: labelsOf(selector.matchLabels),
    matchExpressions: shapes(selector.matchExpressions).map((expression) => ({
      key: text(expression.key) ?? '',
      operator: text(expression.operator) ?? '',
      values: new Set(texts(expression.values)),
    })),
  };
}

/** Whether it says something of a namespace's name. */
export function asksForName({ matchLabels, matchExpressions }: NamespaceSelector): boolean {
  return matchLabels[NAMESPACE_NAME] !== undefined || matchExpressions.some(({ key }) => key === NAMESPACE_NAME);
}

/** Whether it selects a namespace; undefined when labels other than its name would say, and are unknown. */
export function selectsNamespace(
  { matchLabels, matchExpressions }: NamespaceSelector, namespace: string, labels: Labels | undefined,
): boolean | undefined {
  const equalities = Object.entries(matchLabels).map(([key, value]) => ({ key, operator: 'In', values: new Set([value]) }));
  const answers = [...equalities, ...matchExpressions].map((expression) =>
    (labels || expression.key === NAMESPACE_NAME ? holds(expression, labels ?? { [NAMESPACE_NAME]: namespace }) : undefined));
  return !answers.includes(false) && (answers.includes(undefined) ? undefined : true);
}

function holds({ key, operator, values }: LabelExpression, labels: Labels): boolean {
  switch (operator) {
    case 'In': return Object.hasOwn(labels, key) && values.has(labels[key]);
    case 'NotIn': return !(Object.hasOwn(labels, key) && values.has(labels[key]));
    case 'Exists': return Object.hasOwn(labels, key);
    default: return !(Object.hasOwn(labels, key)); // DoesNotExist
  }
}
