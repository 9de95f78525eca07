import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { istiodMonitor } from './istiod-monitor';
import { MonitorProps } from './monitor';
import { MtlsAlerts, MtlsAlertsProps } from './mtls-alerts';
import { checkInterval, checkParts, targetPart, ScrapeOptions } from './scrape-options';
import { sidecarMonitor } from './sidecar-monitor';

/** Properties of MeshMonitoring. */
export interface MeshMonitoringProps extends MtlsAlertsProps {
  /**
   * The scrape interval for istiod and the sidecars, from 1 second to 2 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;

  /**
   * How istiod is scraped.
   *
   * @default - by its label `app: istiod`, with the namespace, labels and interval of the MeshMonitoring
   */
  readonly istiod?: ScrapeOptions;

  /**
   * How sidecars and gateways are scraped.
   *
   * @default - in all namespaces, at port 15020, with the namespace, labels and interval of the MeshMonitoring
   */
  readonly sidecars?: ScrapeOptions;

  /**
   * Whether to emit the alerts. `false` excludes the options of alerts and `name`.
   *
   * @default true
   */
  readonly alerts?: boolean;
}

/**
 * The Prometheus operator's ServiceMonitor, PodMonitor and PrometheusRule for the mesh: make Prometheus scrape istiod, which issues
 * the mesh's certificates, and sidecars and gateways, including when their certificates expire, and alert on plaintext and
 * certificates with MtlsAlerts.
 *
 * Emits one ServiceMonitor, by default `istiod`, one PodMonitor, by default `istio-proxies`, and one PrometheusRule, by default
 * `istio-mtls`, all in istiod's namespace by default. The ServiceMonitor selects istiod's Services of all revisions, but not those of
 * revision tags, which have the same pods. The PodMonitor finds proxies by the port that they declare and scrapes their status port;
 * it skips pods with label `istio-prometheus-ignore`. Requires the Prometheus operator.
 *
 * @throws as MtlsAlerts does; if a name, namespace, label, port or interval is invalid; if an option would be ignored, because it is for
 * something that is turned off, or for sidecars and passed to istiod, or the other way round; or if everything is turned off
 * @see https://prometheus-operator.dev/docs/api-reference/api/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { MeshMonitoring } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'monitoring');
 * new MeshMonitoring(chart, 'mesh', {
 *   labels: { release: 'kube-prometheus-stack' },
 *   sidecars: { podNamespaces: ['shop', 'payments'] },
 * });
 */
export class MeshMonitoring extends Construct {
  /** The ServiceMonitor that makes Prometheus scrape istiod; undefined if `istiod.enabled` is false. */
  public readonly istiod?: ApiObject;

  /** The PodMonitor that makes Prometheus scrape sidecars and gateways; undefined if `sidecars.enabled` is false. */
  public readonly sidecars?: ApiObject;

  /** The alerts; undefined if `alerts` is false. */
  public readonly alerts?: MtlsAlerts;

  public constructor(scope: Construct, id: string, props: MeshMonitoringProps = {}) {
    super(scope, id);
    const { istiod = {}, sidecars = {}, alerts = true, interval, ...ofAlerts } = props;
    const { namespace, labels, mesh, ...onlyOfAlerts } = ofAlerts;
    const { path } = this.node;
    const parts = [
      targetPart('ServiceMonitor', 'istiod', istiod, ['podNamespaces', 'statusPort'], path),
      targetPart('PodMonitor', 'sidecars', sidecars, ['app'], path),
      { kind: 'PrometheusRule', isOn: alerts, switch: 'alerts', options: onlyOfAlerts } as const,
    ] as const;
    checkParts(parts, path);
    if (!parts[0].isOn && !parts[1].isOn) checkInterval(interval, path);
    const scraped = (options: ScrapeOptions): ScrapeOptions & MonitorProps => ({
      ...options,
      namespace: options.namespace ?? namespace,
      labels: options.labels ?? labels,
      interval: options.interval ?? interval,
      mesh,
    });
    if (parts[0].isOn) this.istiod = istiodMonitor(this, 'Istiod', scraped(istiod));
    if (parts[1].isOn) this.sidecars = sidecarMonitor(this, 'Sidecars', scraped(sidecars));
    if (alerts) this.alerts = new MtlsAlerts(this, 'Alerts', ofAlerts);
  }
}
