import { mergesMetrics, scrapedPorts } from '../../../src/mesh/workloads/metrics';
import { rewritesProbes } from '../../../src/mesh/workloads/probes';
import { deployment, mesh } from '../../support/meshes/mesh';

const ports = [{ containerPort: 80 }, { containerPort: 81, protocol: 'UDP' }, { containerPort: 82 }];
const withAnnotations = (annotations: Record<string, string>) => mesh([deployment('a/w', { annotations, ports })]).workloads[0];
const SCRAPE = { 'prometheus.io/scrape': 'true' };

test.each([
  [{}, []],
  [{ 'prometheus.io/scrape': 'false' }, []],
  [{ 'prometheus.io/port': '80' }, []],
  [SCRAPE, [80, 82]],
  [{ ...SCRAPE, 'prometheus.io/port': '9090' }, [9090]],
  [{ ...SCRAPE, 'prometheus.io/port': 'http' }, [80, 82]],
  [{ ...SCRAPE, 'prometheus.io/scheme': 'https' }, []],
  [{ ...SCRAPE, 'prometheus.io/scheme': 'http' }, [80, 82]],
])('with annotations %j the scraped ports are %j', (annotations, expected) => {
  expect(scrapedPorts(withAnnotations(annotations as Record<string, string>))).toEqual(expected);
});

test.each([[undefined, undefined], ['true', true], ['0', false], ['no', undefined]])('the merge-metrics annotation %j is read as %j', (said, expected) => {
  const annotated = (name: string) => withAnnotations(said === undefined ? {} : { [name]: said });
  expect(mergesMetrics(annotated('prometheus.istio.io/merge-metrics'))).toBe(expected);
  expect(rewritesProbes(annotated('sidecar.istio.io/rewriteAppHTTPProbers'))).toBe(expected);
});

test('a container has its image, and whether it is an init container', () => {
  const [{ containers }] = mesh([deployment('a/w', {
    spec: {
      containers: [{ name: 'app', image: 'mysql:8' }],
      initContainers: [{ name: 'first' }, { name: 'beside', restartPolicy: 'Always' }],
    },
  })]).workloads;
  expect(containers.map(({ name, image, init, runs }) => [name, image, init, runs])).toEqual([
    ['app', 'mysql:8', false, true], ['first', undefined, true, false], ['beside', undefined, true, true],
  ]);
});
