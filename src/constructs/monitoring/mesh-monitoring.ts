import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { IstiodMonitor } from './istiod-monitor';
import { MtlsAlerts, MtlsAlertsOptions } from './mtls-alerts';
import { SidecarMonitor } from './sidecar-monitor';
import { IIstioMesh } from '../../integration/mesh-facts';

/** Properties of MeshMonitoring. */
export interface MeshMonitoringProps extends MtlsAlertsOptions {
  /**
   * The namespace of the objects. Prometheus must select it (`serviceMonitorNamespaceSelector`, `podMonitorNamespaceSelector`,
   * `ruleNamespaceSelector`).
   *
   * @default - istiod's namespace
   */
  readonly namespace?: string;

  /**
   * Labels of the objects. Most Prometheus installations select only objects with a certain label, such as
   * `release: kube-prometheus-stack` (`serviceMonitorSelector`, `podMonitorSelector`, `ruleSelector`).
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * The scrape interval for istiod and the sidecars, from 1 second to 2 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;

  /**
   * The mesh to monitor.
   *
   * @default - the app's IstioMesh created before this construct, otherwise a mesh with Istio's defaults
   */
  readonly mesh?: IIstioMesh;
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
