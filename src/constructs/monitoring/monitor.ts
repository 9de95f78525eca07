import { ApiObjectProps, Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { IIstioMesh, MeshFacts } from '../../integration/mesh-facts';
import { pathIn } from '../api-object';
import { isNamespaceName } from '../namespace';
import { Refuse, refusing, valueWord } from '../refuse';

/** Common properties of objects of the Prometheus operator. */
export interface MonitorProps {
  /** By default istiod's namespace. */
  readonly namespace?: string;
  readonly name?: string;
  readonly labels?: { [key: string]: string };
  readonly mesh?: IIstioMesh;
}

/** The kinds of the Prometheus operator that this library emits. */
export type MonitorKind = 'ServiceMonitor' | 'PodMonitor' | 'PrometheusRule';

/** Where a construct will be. */
export interface MonitorPlace {
  readonly scope: IConstruct;
  readonly path: string;
  readonly refuse: Refuse;
}

export function monitorPlace(kind: MonitorKind, scope: IConstruct, id: string): MonitorPlace {
  const path = pathIn(scope, id);
  return { scope, path, refuse: refusing(kind, path) };
}

/** An object of the Prometheus operator as properties of an ApiObject. */
export function monitorObject(
  kind: MonitorKind, props: MonitorProps & { readonly name: string }, spec: unknown, { scope, path, refuse }: MonitorPlace,
): ApiObjectProps {
  const { namespace = MeshFacts.of(scope).read('namespace', { kind, path, mesh: props.mesh }), name, labels } = props;
  checkMonitoredNamespace('metadata.namespace', namespace, refuse);
  checkName('metadata.name', name, refuse);
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (key === '') throw emptyName('metadata.labels', 'an empty key', 'a label key', refuse);
    if (value === '') throw emptyName(`metadata.labels.${key}`, 'empty', 'the value that Prometheus selects', refuse);
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
  if (!NAME.test(name)) throw emptyName(field, `'${name}'`, 'a name of lowercase letters, digits, dashes and dots', refuse);
}

export function checkMonitoredNamespace(field: string, namespace: string, refuse: Refuse): void {
  if (isNamespaceName(namespace)) return;
  throw refuse({
    code: 'API051',
    field,
    actual: valueWord(namespace),
    expected: 'the name of a namespace',
    because: 'no such namespace can exist',
    fix: 'use only lowercase letters, digits and dashes',
  });
}

export function emptyName(field: string, actual: string, expected: string, refuse: Refuse): Error {
  return refuse({
    code: 'API050',
    field,
    actual,
    expected,
    because: 'the API server would reject it, or nothing would ever find it',
    fix: 'pass one',
  });
}

const UNITS: readonly [seconds: number, unit: string][] = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']];

/** A duration in Prometheus' notation, in the largest unit that divides it: `90s`, `5m`, `14d`. */
export function prometheusDuration(duration: Duration): string {
  const seconds = wholeSeconds(duration);
  const [size, unit] = seconds === 0 ? [1, 's'] : UNITS.find(([length]) => seconds % length === 0)!;
  return `${seconds / (size as number)}${unit}`;
}

/** The seconds of a duration, rounded up. */
export function wholeSeconds(duration: Duration): number {
  return Math.ceil(duration.toMilliseconds({ integral: false }) / 1000);
}

/** A scrape interval; a `rate` needs several scrapes, so the alerts' window sets an upper bound. */
export function scrapeInterval(interval: Duration = Duration.seconds(30), refuse: Refuse): string {
  const seconds = wholeSeconds(interval);
  if (seconds >= 1 && seconds <= 120) return prometheusDuration(interval);
  throw refuse({
    code: 'API053',
    field: 'interval',
    actual: prometheusDuration(interval),
    expected: 'from 1 second to 2 minutes',
    because: 'Prometheus treats a value as stale after 5 minutes, and the alerts need two values in their window',
    fix: 'remove it for 30 seconds',
  });
}
