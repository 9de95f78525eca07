import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { caExpiry, ExpiryAlertOptions, PlaintextAlertOptions, plaintextAlerts, rootExpiry, WorkloadCertificateAlertOptions, workloadExpiry } from './alert-rules';
import { monitorObject, monitorPlace, MonitorProps } from './monitor';
import { IstioAdmission } from '../../integration/istio-admission';

/** What is alerted on, and when. */
export interface MtlsAlertsOptions {
  /**
   * Plaintext that reaches a sidecar although mutual TLS is meant.
   *
   * @default - any at all, for 5 minutes, is a warning
   */
  readonly plaintext?: PlaintextAlertOptions;

  /**
   * Workload certificates that weren't renewed.
   *
   * @default - less than a quarter of their lifetime left (6 hours), for 10 minutes, is critical
   */
  readonly workloadCertificates?: WorkloadCertificateAlertOptions;

  /**
   * The certificate that istiod signs with.
   *
   * @default - less than 14 days left, for an hour, is critical
   */
  readonly caCertificates?: ExpiryAlertOptions;

  /**
   * The first root of istiod's bundle.
   *
   * @default - less than 90 days left, for an hour, is a warning
   */
  readonly rootCertificates?: ExpiryAlertOptions;
}

/** Properties of MtlsAlerts. */
export interface MtlsAlertsProps extends MonitorProps, MtlsAlertsOptions {}

/**
 * Alerts for what breaks mutual TLS: plaintext where none is meant, and certificates that will expire.
 *
 * Is one PrometheusRule, `istio-mtls` by default, in istiod's namespace by default. Needs
 * the Prometheus operator, and the metrics that IstiodMonitor and SidecarMonitor collect.
 *
 * @throws if a name, namespace, label or severity is empty or not allowed, or a threshold makes no sense
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
