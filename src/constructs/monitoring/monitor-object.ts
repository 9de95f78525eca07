import { ApiObjectProps } from 'cdk8s';
import { MonitorProps } from './monitor-props';
import { DEFAULT_ROOT_NAMESPACE, isNamespaceName } from '../namespace';
import { Refuse } from '../refuse';

/** The kinds of the Prometheus operator that this library emits. */
export type MonitorKind = 'ServiceMonitor' | 'PodMonitor' | 'PrometheusRule';

/** An object of the Prometheus operator as properties of an ApiObject. */
export function monitorObject(kind: MonitorKind, props: MonitorProps & { readonly name: string }, spec: unknown, refuse: Refuse): ApiObjectProps {
  const { namespace = DEFAULT_ROOT_NAMESPACE, name, labels } = props;
  checkNamespace('metadata.namespace', namespace, refuse);
  checkName('metadata.name', name, refuse);
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (key === '') throw emptyName('metadata.labels', 'an empty key', 'a label key', refuse);
    if (value === '') throw emptyName(`metadata.labels.${key}`, 'empty', 'the value that the Prometheus selects by', refuse);
  }
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    metadata: { namespace, name, labels: labels && { ...labels } },
    spec,
  } as ApiObjectProps;
}

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const NAME = new RegExp(`^${LABEL}(\\.${LABEL})*$`);

function checkName(field: string, name: string, refuse: Refuse): void {
  if (!NAME.test(name)) throw emptyName(field, `'${name}'`, 'a name of lower-case letters, digits, dashes and dots', refuse);
}

export function checkNamespace(field: string, namespace: string, refuse: Refuse): void {
  if (isNamespaceName(namespace)) return;
  throw refuse({
    code: 'MTLS051',
    field,
    actual: `'${namespace}'`,
    expected: 'the name of a namespace',
    because: 'it would match none',
    fix: 'write lower-case letters, digits and dashes',
  });
}

export function emptyName(field: string, actual: string, expected: string, refuse: Refuse): Error {
  return refuse({
    code: 'MTLS050',
    field,
    actual,
    expected,
    because: 'the API server would refuse it, or nothing would ever find it',
    fix: 'write one',
  });
}
