import { Duration } from 'cdk8s';
import { ExpiryAlertOptions, WorkloadCertificateAlertOptions } from './alert-options';
import { AlertRule, alertRule } from './alert-rule';
import { prometheusDuration, wholeSeconds } from './prometheus-duration';
import { Refuse } from '../refuse';

const WORKLOAD = { field: 'workloadCertificates', pendingFor: Duration.minutes(10), severity: 'critical' };
const CA = { field: 'caCertificates', pendingFor: Duration.hours(1), severity: 'critical', threshold: Duration.days(14) };
const ROOT = { field: 'rootCertificates', pendingFor: Duration.hours(1), severity: 'warning', threshold: Duration.days(90) };

const LEFT = '{{ $value | humanizeDuration }}';

export function workloadExpiry(options: WorkloadCertificateAlertOptions, refuse: Refuse): AlertRule {
  const lifetime = lifetimeOf(options);
  const seconds = options.threshold ? wholeSeconds(options.threshold) : Math.floor(wholeSeconds(lifetime) / 4);
  if (seconds < 1 || seconds * 2 >= wholeSeconds(lifetime)) {
    throw noSense(WORKLOAD.field, seconds, `more than 0s and less than half of the lifetime (${prometheusDuration(lifetime)})`,
      'proxies renew a certificate after half of its lifetime, so that the alert would fire for healthy ones, or never', "leave it out for a quarter of the lifetime, or set 'lifetime'", refuse);
  }
  return alertRule(options, WORKLOAD, {
    alert: 'IstioWorkloadCertificateExpiry',
    expr: `min by (namespace, pod) (istio_agent_cert_expiry_seconds{resource_name="default"}) < ${seconds}`,
    annotations: {
      summary: 'The certificate of {{ $labels.namespace }}/{{ $labels.pod }} was not renewed',
      description: `It expires in ${LEFT}, and then the pod can neither send nor take mutual TLS. `
        + 'See the log of its istio-proxy for what istiod answers to its signing requests.',
    },
  }, refuse);
}

export function caExpiry(workload: WorkloadCertificateAlertOptions, options: ExpiryAlertOptions = {}, refuse: Refuse): AlertRule {
  return alertRule(options, CA, {
    alert: 'IstioCaCertificateExpiry',
    expr: `min by (namespace, job) (citadel_server_cert_chain_expiry_timestamp) - time() < ${threshold(CA, workload, options, refuse)}`,
    annotations: {
      summary: 'The certificate that istiod signs with will expire ({{ $labels.namespace }}, {{ $labels.job }})',
      description: `It expires in ${LEFT}. Workload certificates end with it, and no new ones can be issued. Renew the Secret cacerts.`,
    },
  }, refuse);
}

export function rootExpiry(workload: WorkloadCertificateAlertOptions, options: ExpiryAlertOptions = {}, refuse: Refuse): AlertRule {
  return alertRule(options, ROOT, {
    alert: 'IstioRootCertificateExpiry',
    expr: `min by (namespace, job) (citadel_server_root_cert_expiry_timestamp) - time() < ${threshold(ROOT, workload, options, refuse)}`,
    annotations: {
      summary: 'The root certificate of the mesh will expire ({{ $labels.namespace }}, {{ $labels.job }})',
      description: `It expires in ${LEFT}, and then no mutual TLS works any more. A new root takes several steps: begin now.`,
    },
  }, refuse);
}

/** In seconds. A CA must outlive the certificates that it issues. */
function threshold(defaults: typeof CA, workload: WorkloadCertificateAlertOptions, options: ExpiryAlertOptions, refuse: Refuse): number {
  const seconds = wholeSeconds(options.threshold ?? defaults.threshold);
  const lifetime = lifetimeOf(workload);
  if (seconds > wholeSeconds(lifetime)) return seconds;
  throw noSense(defaults.field, seconds, `more than the lifetime of a workload certificate (${prometheusDuration(lifetime)})`,
    'a CA with less time left can no longer issue certificates of full length', `leave it out for ${prometheusDuration(defaults.threshold)}`, refuse);
}

function lifetimeOf({ lifetime = Duration.hours(24) }: WorkloadCertificateAlertOptions): Duration {
  return lifetime;
}

function noSense(field: string, seconds: number, expected: string, because: string, fix: string, refuse: Refuse): Error {
  return refuse({ code: 'MTLS052', field: `${field}.threshold`, actual: prometheusDuration(Duration.seconds(seconds)), expected, because, fix });
}
