import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { AlertOptions, caExpiry, PlaintextAlertOptions, plaintextAlerts, rootExpiry, workloadExpiry } from './alert-rules';
import { monitorObject, monitorPlace } from './monitor';
import { IstioAdmission } from '../../integration/istio-admission';
import { IIstioMesh } from '../../integration/mesh-facts';

/** Properties of MtlsAlerts. */
export interface MtlsAlertsProps {
  /**
   * The namespace of the objects. Prometheus must select it (`serviceMonitorNamespaceSelector`, `podMonitorNamespaceSelector`,
   * `ruleNamespaceSelector`).
   *
   * @default - istiod's namespace
   */
  readonly namespace?: string;

  /**
   * Name of the PrometheusRule.
   *
   * @default 'istio-mtls'
   */
  readonly name?: string;

  /**
   * Labels of the objects. Most Prometheus installations select only objects with a certain label, such as
   * `release: kube-prometheus-stack` (`serviceMonitorSelector`, `podMonitorSelector`, `ruleSelector`).
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * The mesh to monitor.
   *
   * @default - the app's IstioMesh created before this construct, otherwise a mesh with Istio's defaults
   */
  readonly mesh?: IIstioMesh;

  /**
   * Plaintext that reaches a sidecar where mutual TLS is expected.
   *
   * @default - a warning on any plaintext for 5 minutes
   */
  readonly plaintext?: PlaintextAlertOptions;

  /**
   * Workload certificates that weren't renewed.
   *
   * @default - critical if less than a quarter of the lifetime (6 hours) is left for 10 minutes
   */
  readonly workloadCertificates?: AlertOptions;

  /**
   * The lifetime of a workload certificate: `SECRET_TTL` of the proxies, which renew it after half of that time. All alerts on
   * certificates use it.
   *
   * @default Duration.hours(24), Istio's default
   */
  readonly workloadCertificateLifetime?: Duration;

  /**
   * The certificate that istiod signs with.
   *
   * @default - critical if less than 14 days are left for an hour
   */
  readonly caCertificates?: AlertOptions;

  /**
   * The first root in istiod's bundle.
   *
   * @default - a warning if less than 90 days are left for an hour
   */
  readonly rootCertificates?: AlertOptions;
}

/**
 * The Prometheus operator's PrometheusRule for the mesh: alerts on unexpected plaintext, and on certificates that will expire.
 *
 * Emits one PrometheusRule with five alerts, by default `istio-mtls` in istiod's namespace. Requires the Prometheus operator, and
 * the metrics that MeshMonitoring makes Prometheus collect, which also emits these alerts.
 *
 * @throws if a name, namespace, label, severity or window is invalid, or if an alert would always or never fire with a threshold
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { MtlsAlerts } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'monitoring');
 * new MtlsAlerts(chart, 'alerts', { plaintext: { exceptNamespaces: ['legacy'] } });
 */
export class MtlsAlerts extends ApiObject {
  public constructor(scope: Construct, id: string, props: MtlsAlertsProps = {}) {
    const { name = 'istio-mtls', workloadCertificateLifetime: lifetime = Duration.hours(24) } = props;
    const place = monitorPlace('PrometheusRule', scope, id);
    const { refuse } = place;
    super(scope, id, monitorObject('PrometheusRule', { ...props, name }, {
      groups: [{
        name: 'istio-mtls',
        rules: [
          ...plaintextAlerts(props.plaintext, refuse),
          workloadExpiry(lifetime, props.workloadCertificates, refuse),
          caExpiry(lifetime, props.caCertificates, refuse),
          rootExpiry(lifetime, props.rootCertificates, refuse),
        ],
      }],
    }, place));
    IstioAdmission.attach(this);
  }
}
