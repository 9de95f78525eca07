import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import {
  caExpiry, ExpiryAlertOptions, PlaintextAlertOptions, plaintextAlerts, rootExpiry, WorkloadCertificateAlertOptions, workloadExpiry,
} from './alert-rules';
import { monitorObject, monitorPlace, MonitorProps } from './monitor';
import { IstioAdmission } from '../../integration/istio-admission';

/** The conditions of the alerts. */
export interface MtlsAlertsOptions {
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
  readonly workloadCertificates?: WorkloadCertificateAlertOptions;

  /**
   * The certificate that istiod signs with.
   *
   * @default - critical if less than 14 days are left for an hour
   */
  readonly caCertificates?: ExpiryAlertOptions;

  /**
   * The first root in istiod's bundle.
   *
   * @default - a warning if less than 90 days are left for an hour
   */
  readonly rootCertificates?: ExpiryAlertOptions;
}

/** Properties of MtlsAlerts. */
export interface MtlsAlertsProps extends MonitorProps, MtlsAlertsOptions {}

/**
 * Alerts on unexpected plaintext, and on certificates that will expire.
 *
 * Emits one PrometheusRule with five alerts, by default `istio-mtls` in istiod's namespace. Requires the Prometheus operator, and
 * the metrics that IstiodMonitor and SidecarMonitor collect.
 *
 * @throws if a name, namespace, label, severity or window is invalid, or if an alert would always or never fire with a threshold
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { IstiodMonitor, MtlsAlerts, SidecarMonitor } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'monitoring');
 * new IstiodMonitor(chart, 'istiod');
 * new SidecarMonitor(chart, 'sidecars');
 * new MtlsAlerts(chart, 'alerts', { plaintext: { exceptNamespaces: ['legacy'] } });
 */
export class MtlsAlerts extends ApiObject {
  public constructor(scope: Construct, id: string, props: MtlsAlertsProps = {}) {
    const { name = 'istio-mtls', plaintext, workloadCertificates = {}, caCertificates, rootCertificates } = props;
    const place = monitorPlace('PrometheusRule', scope, id);
    const { refuse } = place;
    super(scope, id, monitorObject('PrometheusRule', { ...props, name }, {
      groups: [{
        name: 'istio-mtls',
        rules: [
          ...plaintextAlerts(plaintext, refuse),
          workloadExpiry(workloadCertificates, refuse),
          caExpiry(workloadCertificates, caCertificates, refuse),
          rootExpiry(workloadCertificates, rootCertificates, refuse),
        ],
      }],
    }, place));
    IstioAdmission.attach(this);
  }
}
