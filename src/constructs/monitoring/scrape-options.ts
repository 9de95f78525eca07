import { Duration } from 'cdk8s';
import { MonitorKind } from './monitor';
import { Refuse, refusing } from '../refuse';

/**
 * How Prometheus scrapes istiod or the sidecars, for MeshMonitoring. Options for the other of the two are refused, and so are
 * options of a target that isn't scraped.
 */
export interface ScrapeOptions {
  /**
   * Whether Prometheus scrapes this target. `false` if something else already makes it do so.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Name of the ServiceMonitor or PodMonitor.
   *
   * @default - 'istiod' for istiod, 'istio-proxies' for sidecars
   */
  readonly name?: string;

  /**
   * The namespace of the ServiceMonitor or PodMonitor.
   *
   * @default - that of all objects of the MeshMonitoring
   */
  readonly namespace?: string;

  /**
   * Labels of the ServiceMonitor or PodMonitor. They replace those of the MeshMonitoring.
   *
   * @default - those of all objects of the MeshMonitoring
   */
  readonly labels?: { [key: string]: string };

  /**
   * The scrape interval, from 1 second to 2 minutes.
   *
   * @default - that of the MeshMonitoring
   */
  readonly interval?: Duration;

  /**
   * For istiod: the label `app` of its Service. In old installations it may differ, such as `istio-pilot`.
   *
   * @default 'istiod', as in Istio's chart
   */
  readonly app?: string;

  /**
   * For sidecars: the namespaces whose pods are scraped.
   *
   * @default - all
   */
  readonly podNamespaces?: string[];

  /**
   * For sidecars: the proxies' status port, which has the merged metrics of Envoy, the Istio agent and the application.
   *
   * @default 15020, Istio's default of global.proxy.statusPort
   */
  readonly statusPort?: number;
}

/** What a MeshMonitoring may emit, with the properties that only this part uses. */
export interface MonitoredPart {
  readonly kind: MonitorKind;
  readonly isOn: boolean;
  /** The property that turns it off. */
  readonly switch: string;
  /** By their paths in the properties of the MeshMonitoring. */
  readonly options: { readonly [path: string]: unknown };
}

/** The part that a target's options are for; `others` are the options that the target doesn't have. */
export function targetPart(
  kind: MonitorKind, target: string, { enabled = true, ...options }: ScrapeOptions, others: readonly (keyof ScrapeOptions)[], path: string,
): MonitoredPart {
  const wrong = Object.entries(options).find(([name, value]) => value !== undefined && others.includes(name as keyof ScrapeOptions));
  if (wrong) {
    const owner = target === 'istiod' ? 'sidecars' : 'istiod';
    const refuse = refusing(kind, path);
    throw ignored(`${target}.${wrong[0]}`, 'given', `it is for ${owner}, and would be ignored`, `pass it to '${owner}'`, refuse);
  }
  const paths = Object.fromEntries(Object.entries(options).map(([name, value]) => [`${target}.${name}`, value]));
  return { kind, isOn: enabled, switch: `${target}.enabled`, options: paths };
}

/** Rejects options of a part that is off, and a monitoring of nothing. */
export function checkParts(parts: readonly MonitoredPart[], path: string): void {
  for (const { kind, isOn, switch: off, options } of parts) {
    const given = Object.keys(options).find((name) => options[name] !== undefined);
    if (isOn || given === undefined) continue;
    throw ignored(given, `given together with '${off}: false'`, 'it would be ignored', 'remove one of them', refusing(kind, path));
  }
  if (parts.some(({ isOn }) => isOn)) return;
  const [{ kind, switch: off }] = parts;
  throw ignored(off, 'false, as for all parts', 'nothing would be emitted', 'remove the MeshMonitoring', refusing(kind, path));
}

/** Rejects a common interval of targets that are both off. */
export function checkInterval(interval: Duration | undefined, path: string): void {
  if (interval === undefined) return;
  const refuse = refusing('ServiceMonitor', path);
  const off = "'istiod.enabled: false' and 'sidecars.enabled: false'";
  throw ignored('interval', `given together with ${off}`, 'it would be ignored', 'remove it', refuse);
}

function ignored(field: string, actual: string, because: string, fix: string, refuse: Refuse): Error {
  return refuse({ code: 'API062', field, actual, expected: 'only options that have an effect', because, fix });
}
