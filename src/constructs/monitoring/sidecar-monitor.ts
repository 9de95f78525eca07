import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { checkMonitoredNamespace, monitorObject, monitorPlace, MonitorProps, scrapeInterval } from './monitor';
import { IstioAdmission } from '../../integration/istio-admission';
import { Refuse } from '../refuse';

/** Properties of SidecarMonitor. */
export interface SidecarMonitorProps extends MonitorProps {
  /**
   * The namespaces whose pods are scraped.
   *
   * @default - all
   */
  readonly podNamespaces?: string[];

  /**
   * The proxies' status port, which has the merged metrics of Envoy, the Istio agent and the application.
   *
   * @default 15020, Istio's default of global.proxy.statusPort
   */
  readonly statusPort?: number;

  /**
   * The scrape interval, from 1 second to 2 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;
}

/** The one port that every proxy container declares, in sidecars, native sidecars and gateways. */
const DECLARED_PORT = 'http-envoy-prom';

/**
 * Makes Prometheus scrape sidecars and gateways, including when their certificates expire.
 *
 * Emits one PodMonitor, by default `istio-proxies` in istiod's namespace. It finds proxies by the port that they declare, which
 * has only Envoy's metrics, and scrapes their status port, which they don't declare. It skips pods with label
 * `istio-prometheus-ignore`. Requires the Prometheus operator.
 *
 * @throws if a name, namespace, label, the port or the interval is invalid
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { SidecarMonitor } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'monitoring');
 * new SidecarMonitor(chart, 'sidecars', { podNamespaces: ['shop', 'payments'] });
 */
export class SidecarMonitor extends ApiObject {
  public constructor(scope: Construct, id: string, props: SidecarMonitorProps = {}) {
    const { podNamespaces, name = 'istio-proxies' } = props;
    const place = monitorPlace('PodMonitor', scope, id);
    const { refuse } = place;
    super(scope, id, monitorObject('PodMonitor', { ...props, name }, {
      selector: { matchExpressions: [{ key: 'istio-prometheus-ignore', operator: 'DoesNotExist' }] },
      namespaceSelector: podNamespaces ? { matchNames: checkedNamespaces(podNamespaces, refuse) } : { any: true },
      podMetricsEndpoints: [{
        port: DECLARED_PORT,
        path: '/stats/prometheus',
        interval: scrapeInterval(props.interval, refuse),
        relabelings: [{
          action: 'replace',
          sourceLabels: ['__address__'],
          regex: '(.+):\\d+', // also [fd00::7]:15090
          replacement: `$1:${checkedPort(props.statusPort, refuse)}`,
          targetLabel: '__address__',
        }],
      }],
    }, place));
    IstioAdmission.attach(this);
  }
}

function checkedNamespaces(podNamespaces: readonly string[], refuse: Refuse): string[] {
  for (const namespace of podNamespaces) checkMonitoredNamespace('podNamespaces', namespace, refuse);
  if (podNamespaces.length > 0) return [...podNamespaces];
  throw refuse({
    code: 'MTLS051',
    field: 'podNamespaces',
    actual: 'empty',
    expected: 'at least one namespace',
    because: "an empty list means the PodMonitor's own namespace",
    fix: 'remove it for all namespaces',
  });
}

function checkedPort(statusPort = 15020, refuse: Refuse): number {
  if (Number.isInteger(statusPort) && statusPort >= 1 && statusPort <= 65535) return statusPort;
  throw refuse({
    code: 'MTLS054',
    field: 'statusPort',
    actual: `${statusPort}`,
    expected: 'a port from 1 to 65535',
    because: '0 turns the status port off, and only that port has metrics about certificates',
    fix: 'remove it for 15020',
  });
}
