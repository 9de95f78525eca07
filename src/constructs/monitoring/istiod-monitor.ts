import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { emptyName, monitorObject, monitorPlace, MonitorProps, scrapeInterval } from './monitor';
import { ScrapeOptions } from './scrape-options';
import { IstioAdmission } from '../../integration/istio-admission';
import { MeshFacts } from '../../integration/mesh-facts';

/**
 * A ServiceMonitor for istiod's Services of all revisions, but not those of revision tags, which have the same pods: each pod would
 * be scraped twice.
 */
export function istiodMonitor(scope: IConstruct, id: string, props: ScrapeOptions & MonitorProps): ApiObject {
  const { app = 'istiod', name = 'istiod' } = props;
  const place = monitorPlace('ServiceMonitor', scope, id);
  const { refuse } = place;
  const istiodNamespace = MeshFacts.of(scope).read('namespace', { kind: 'ServiceMonitor', path: place.path, mesh: props.mesh });
  if (app === '') throw emptyName('istiod.app', 'empty', "the label 'app' of istiod's Service", refuse);
  const monitor = new ApiObject(scope, id, monitorObject('ServiceMonitor', { ...props, name }, {
    selector: {
      matchLabels: { app },
      matchExpressions: [{ key: 'istio.io/tag', operator: 'DoesNotExist' }],
    },
    namespaceSelector: { matchNames: [istiodNamespace] },
    endpoints: [{ port: 'http-monitoring', path: '/metrics', interval: scrapeInterval(props.interval, refuse) }],
  }, place));
  IstioAdmission.attach(monitor);
  return monitor;
}
