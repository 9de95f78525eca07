import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { MonitorProps } from './monitor-props';
import { RefusalDetails, refusal } from '../../findings/refusal';
import { DEFAULT_ROOT_NAMESPACE } from '../namespace';

/** The kinds of the Prometheus operator that this library emits. */
export type MonitorKind = 'ServiceMonitor' | 'PodMonitor' | 'PrometheusRule';

/** Emits an object of the Prometheus operator, as the construct's default child. */
export function emitMonitor(scope: Construct, kind: MonitorKind, props: MonitorProps & { readonly name: string }, spec: unknown): ApiObject {
  const { namespace = DEFAULT_ROOT_NAMESPACE, name, labels } = props;
  checkNamespace(scope, kind, 'metadata.namespace', namespace);
  checkName(scope, kind, 'metadata.name', name);
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (key === '') throw emptyName(scope, kind, 'metadata.labels', 'an empty key', 'a label key');
    if (value === '') throw emptyName(scope, kind, `metadata.labels.${key}`, 'empty', 'the value that the Prometheus selects by');
  }
  return new ApiObject(scope, 'Resource', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    metadata: { namespace, name, labels: labels && { ...labels } },
    spec,
  });
}

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const NAME = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const NAMESPACE = new RegExp(`^${LABEL}$`);

function checkName(user: IConstruct, kind: MonitorKind, field: string, name: string): void {
  if (!NAME.test(name)) throw emptyName(user, kind, field, `'${name}'`, 'a name of lower-case letters, digits, dashes and dots');
}

export function checkNamespace(user: IConstruct, kind: MonitorKind, field: string, namespace: string): void {
  if (NAMESPACE.test(namespace)) return;
  throw refuse(user, kind, {
    code: 'MTLS051',
    field,
    actual: `'${namespace}'`,
    expected: 'the name of a namespace',
    because: 'it would match none',
    fix: 'write lower-case letters, digits and dashes',
  });
}

export function emptyName(user: IConstruct, kind: MonitorKind, field: string, actual: string, expected: string): Error {
  return refuse(user, kind, {
    code: 'MTLS050',
    field,
    actual,
    expected,
    because: 'the API server would refuse it, or nothing would ever find it',
    fix: 'write one',
  });
}

export function refuse(user: IConstruct, kind: MonitorKind, details: Omit<RefusalDetails, 'kind' | 'path'>): Error {
  return refusal({ kind, path: user.node.path, ...details });
}
