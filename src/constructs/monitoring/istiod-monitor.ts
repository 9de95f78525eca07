import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { emptyName, monitorObject, monitorPlace, MonitorProps, scrapeInterval } from './monitor';
import { IstioAdmission } from '../../integration/istio-admission';
import { MeshFacts } from '../../integration/mesh-facts';

/** Properties of IstiodMonitor. */
export interface IstiodMonitorProps extends MonitorProps {
  /**
   * The label `app` of istiod's Service. In old installations it may differ, such as `istio-pilot`.
   *
   * @default 'istiod', as in Istio's chart
   */
  readonly app?: string;

  /**
   * The scrape interval, from 1 second to 2 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;
}

/**
 * Makes Prometheus scrape istiod, which issues the mesh's certificates.
 *
 * Emits one ServiceMonitor, by default `istiod` in istiod's namespace. It selects istiod's Services of all revisions, but not
 * those of revision tags, which have the same pods: each pod would be scraped twice. Requires the Prometheus operator.
 *
 * @throws if a name, namespace, label or the interval is invalid
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { IstiodMonitor } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'monitoring');
 * new IstiodMonitor(chart, 'istiod', { labels: { release: 'kube-prometheus-stack' } });
 */
export class IstiodMonitor extends ApiObject {
  public constructor(scope: Construct, id: string, props: IstiodMonitorProps = {}) {
    const { app = 'istiod', name = 'istiod' } = props;
    const place = monitorPlace('ServiceMonitor', scope, id);
    const { refuse } = place;
    const istiodNamespace = MeshFacts.of(scope).read('namespace', { kind: 'ServiceMonitor', path: place.path, mesh: props.mesh });
    if (app === '') throw emptyName('app', 'empty', "the label 'app' of istiod's Service", refuse);
    super(scope, id, monitorObject('ServiceMonitor', { ...props, name }, {
      selector: {
        matchLabels: { app },
        matchExpressions: [{ key: 'istio.io/tag', operator: 'DoesNotExist' }],
      },
      namespaceSelector: { matchNames: [istiodNamespace] },
      endpoints: [{ port: 'http-monitoring', path: '/metrics', interval: scrapeInterval(props.interval, refuse) }],
    }, place));
    IstioAdmission.attach(this);
  }
}
