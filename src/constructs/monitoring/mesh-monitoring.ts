import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { IstiodMonitor } from './istiod-monitor';
import { MtlsAlerts, MtlsAlertsOptions } from './mtls-alerts';
import { SidecarMonitor } from './sidecar-monitor';
import { IIstioMesh } from '../../integration/mesh-facts';

/** Properties of MeshMonitoring. */
export interface MeshMonitoringProps extends MtlsAlertsOptions {
  /**
   * The namespace of the objects. The Prometheus must look there (`serviceMonitorNamespaceSelector` and kin).
   *
   * @default - istiod's namespace
   */
  readonly namespace?: string;

  /**
   * Labels of the objects. Most Prometheus installations take only objects with a label of theirs, such as
   * `release: kube-prometheus-stack` (`serviceMonitorSelector`, `podMonitorSelector`, `ruleSelector`).
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * How often Prometheus asks istiod and the sidecars, 1 second to 2 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;

  /**
   * The mesh that is meant.
   *
   * @default - the app's IstioMesh created before this construct, otherwise a mesh with Istio's defaults
   */
  readonly mesh?: IIstioMesh;
}

/**
 * All that watches mutual TLS: an IstiodMonitor, a SidecarMonitor for all namespaces, and MtlsAlerts. Needs the Prometheus operator.
 *
 * @throws what its parts throw
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { MeshMonitoring } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'monitoring');
 * new MeshMonitoring(chart, 'mesh', { labels: { release: 'kube-prometheus-stack' } });
 */
export class MeshMonitoring extends Construct {
  /** What scrapes istiod. */
  public readonly istiod: IstiodMonitor;

  /** What scrapes sidecars and gateways. */
  public readonly sidecars: SidecarMonitor;

  /** What is alerted on. */
  public readonly alerts: MtlsAlerts;

  public constructor(scope: Construct, id: string, props: MeshMonitoringProps = {}) {
    super(scope, id);
    const { namespace, labels, interval, mesh, ...alerts } = props;
    this.istiod = new IstiodMonitor(this, 'Istiod', { namespace, labels, interval, mesh });
    this.sidecars = new SidecarMonitor(this, 'Sidecars', { namespace, labels, interval, mesh });
    this.alerts = new MtlsAlerts(this, 'Alerts', { ...alerts, namespace, labels, mesh });
  }
}
