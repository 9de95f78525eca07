import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { IstiodMonitor } from './istiod-monitor';
import { MtlsAlerts, MtlsAlertsProps } from './mtls-alerts';
import { SidecarMonitor } from './sidecar-monitor';

/** Properties of MeshMonitoring. */
export interface MeshMonitoringProps extends MtlsAlertsProps {
  /**
   * The scrape interval for istiod and the sidecars, from 1 second to 2 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;
}

/**
 * Monitors mutual TLS in the mesh, with an IstiodMonitor, a SidecarMonitor for all namespaces, and MtlsAlerts.
 *
 * Emits one ServiceMonitor, one PodMonitor and one PrometheusRule, by default in istiod's namespace. Requires the Prometheus
 * operator.
 *
 * @throws as these constructs do
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { MeshMonitoring } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'monitoring');
 * new MeshMonitoring(chart, 'mesh', { labels: { release: 'kube-prometheus-stack' } });
 */
export class MeshMonitoring extends Construct {
  /** Makes Prometheus scrape istiod. */
  public readonly istiod: IstiodMonitor;

  /** Makes Prometheus scrape sidecars and gateways. */
  public readonly sidecars: SidecarMonitor;

  /** The alerts. */
  public readonly alerts: MtlsAlerts;

  public constructor(scope: Construct, id: string, props: MeshMonitoringProps = {}) {
    super(scope, id);
    const { namespace, labels, interval, mesh, ...alerts } = props;
    this.istiod = new IstiodMonitor(this, 'Istiod', { namespace, labels, interval, mesh });
    this.sidecars = new SidecarMonitor(this, 'Sidecars', { namespace, labels, interval, mesh });
    this.alerts = new MtlsAlerts(this, 'Alerts', { ...alerts, namespace, labels, mesh });
  }
}
