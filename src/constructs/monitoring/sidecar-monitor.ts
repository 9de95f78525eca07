import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { checkMonitoredNamespace, monitorObject, monitorPlace, MonitorProps, scrapeInterval } from './monitor';
import { ScrapeOptions } from './scrape-options';
import { IstioAdmission } from '../../integration/istio-admission';
import { Refuse, valueWord } from '../refuse';

/** The one port that every proxy container declares, in sidecars, native sidecars and gateways. */
const DECLARED_PORT = 'http-envoy-prom';

/**
 * A PodMonitor for sidecars and gateways. It finds proxies by the port that they declare, which has only Envoy's metrics, and scrapes
 * their status port, which they don't declare. It skips pods with label `istio-prometheus-ignore`.
 */
export function sidecarMonitor(scope: IConstruct, id: string, props: ScrapeOptions & MonitorProps): ApiObject {
  const { podNamespaces, name = 'istio-proxies' } = props;
  const place = monitorPlace('PodMonitor', scope, id);
  const { refuse } = place;
  const monitor = new ApiObject(scope, id, monitorObject('PodMonitor', { ...props, name }, {
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
  IstioAdmission.attach(monitor);
  return monitor;
}

function checkedNamespaces(podNamespaces: readonly string[], refuse: Refuse): string[] {
  for (const namespace of podNamespaces) checkMonitoredNamespace('sidecars.podNamespaces', namespace, refuse);
  if (podNamespaces.length > 0) return [...podNamespaces];
  throw refuse({
    code: 'API051',
    field: 'sidecars.podNamespaces',
    actual: 'empty',
    expected: 'at least one namespace',
    because: "an empty list means the PodMonitor's own namespace",
    fix: 'remove it for all namespaces',
  });
}

function checkedPort(statusPort = 15020, refuse: Refuse): number {
  if (Number.isInteger(statusPort) && statusPort >= 1 && statusPort <= 65535) return statusPort;
  throw refuse({
    code: 'API054',
    field: 'sidecars.statusPort',
    actual: valueWord(statusPort),
    expected: 'a port from 1 to 65535',
    because: '0 turns the status port off, and only that port has metrics about certificates',
    fix: 'remove it for 15020',
  });
}
