import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { emptyName, monitorObject, monitorPlace, MonitorProps, scrapeInterval } from './monitor';
import { IstioAdmission } from '../../integration/istio-admission';
import { MeshFacts } from '../../integration/mesh-facts';

/** Properties of IstiodMonitor. */
export interface IstiodMonitorProps extends MonitorProps {
  /**
   * The label `app` of istiod's Service. Old installations call it `istio-pilot`, for example.
   *
   * @default 'istiod', as Istio's chart has it
   */
  readonly app?: string;

  /**
   * How often Prometheus asks, 1 second to 2 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;
}

/**
 * Has Prometheus scrape istiod, the certificate authority of the mesh.
 *
 * Is one ServiceMonitor, `istiod` by default, in istiod's namespace by default. It
 * selects istiod's Services of all revisions, but not those of revision tags: they lead to the same pods, so that
 * each of them would be scraped once more. Needs the Prometheus operator.
 *
 * @throws if a name, namespace or label is empty or not allowed, or the interval isn't
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
