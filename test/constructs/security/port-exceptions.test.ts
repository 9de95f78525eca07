import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { MtlsMode, Pods, PortMtls, WorkloadOverride } from '../../../src/index';
import { chartIn, synth } from '../../support/constructs/charts';

const { PERMISSIVE, STRICT, UNSET } = MtlsMode;

function ratings(chart: Chart, portNumber?: number): kplus.Deployment {
  return new kplus.Deployment(chart, 'ratings', {
    metadata: { name: 'ratings' },
    podMetadata: { labels: { app: 'ratings' } },
    containers: [{ image: 'ratings:1', ...portNumber === undefined ? {} : { ports: [{ number: portNumber, name: 'web' }] } }],
  });
}

function service(chart: Chart, port: object, id = 'svc'): ApiObject {
  return new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'ratings' }, spec: { selector: { app: 'ratings' }, ports: [port] } });
}

const unchanged = () => undefined;

/** The synth of a chart with exceptions for workload ratings, which listens on 8080, and a Service from port 80 to it. */
function excepted(ports: PortMtls[], change: (chart: Chart) => void = unchanged): () => any[] {
  const chart = chartIn('shop');
  const workload = ratings(chart, 8080);
  service(chart, { port: 80, targetPort: 8080 });
  new WorkloadOverride(chart, 'override', { workload, mode: STRICT, ports, name: 'ratings' });
  change(chart);
  return () => synth(chart);
}

describe('an exception for the Service\'s port', () => {
  const REFUSED = "PeerAuthentication 'shop/ratings' (test/override): portLevelMtls is for port 80; expected a port of the containers of Deployment shop/ratings: 8080, because a policy uses the container's port, and 80 is the port of Service shop/ratings, whose target port is 8080. Fix: replace 80 with 8080. [API088]";

  test('is refused at synth, with the port to name', () => {
    expect(excepted([{ port: 80, mode: PERMISSIVE }])).toThrow(REFUSED);
  });

  test('is refused next to a valid one, and reported once', () => {
    const chart = chartIn('shop');
    const workload = ratings(chart, 8080);
    service(chart, { port: 80, targetPort: 'web' });
    new WorkloadOverride(chart, 'override', { workload, name: 'ratings', ports: [{ port: 8080, mode: STRICT }, { port: 80, mode: PERMISSIVE }] });
    expect(chart.node.root.node.validate()).toEqual([REFUSED]);
  });

  test('is refused for labels that a workload of the app has', () => {
    const chart = chartIn('shop');
    ratings(chart, 8080);
    service(chart, { port: 80, targetPort: 8080 });
    new WorkloadOverride(chart, 'override', { workload: Pods.withLabels({ app: 'ratings' }), name: 'ratings', ports: [{ port: 80, mode: PERMISSIVE }] });
    expect(() => synth(chart)).toThrow(REFUSED);
  });

  test('is refused for a hand-written workload with a JSON patch', () => {
    const chart = chartIn('shop');
    const workload = new ApiObject(chart, 'ratings', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'ratings' },
      spec: { template: { metadata: { labels: { app: 'ratings' } }, spec: { containers: [{ name: 'a', ports: [{ containerPort: 8000 }] }] } } },
    });
    workload.addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/ports/0/containerPort', 8080));
    service(chart, { port: 80, targetPort: 8080 });
    new WorkloadOverride(chart, 'override', { workload: Pods.of(workload), name: 'ratings', ports: [{ port: 80, mode: PERMISSIVE }] });
    expect(() => synth(chart)).toThrow(REFUSED);
  });

  test('of two overrides is reported for each', () => {
    const chart = chartIn('shop');
    ratings(chart, 8080);
    service(chart, { port: 80, targetPort: 8080 });
    new WorkloadOverride(chart, 'one', { workload: Pods.withLabels({ app: 'ratings' }), name: 'one', ports: [{ port: 80, mode: PERMISSIVE }] });
    new WorkloadOverride(chart, 'two', { workload: Pods.withLabels({ app: 'ratings', v: '2' }), name: 'two', ports: [{ port: 80, mode: PERMISSIVE }] });
    expect(chart.node.root.node.validate().filter((error) => error.includes('API088'))).toHaveLength(1); // no pods have v=2
  });
});

describe('accepts', () => {
  test.each<[string, PortMtls[], (chart: Chart) => void]>([
    ['the container\'s port', [{ port: 8080, mode: PERMISSIVE }], unchanged],
    ['a port that neither container nor Service declares', [{ port: 9090, mode: PERMISSIVE }], unchanged],
    ['the Service\'s port with mode UNSET', [{ port: 80, mode: UNSET }], unchanged],
    ['a port that a second Service leads to', [{ port: 80, mode: PERMISSIVE }], (chart) => service(chart, { port: 8081, targetPort: 80 }, 'other')],
    ['a port that a second Service has and leads to', [{ port: 80, mode: PERMISSIVE }], (chart) => service(chart, { port: 80 }, 'other')],
    ['a port on which the sidecar itself listens', [{ port: 80, mode: PERMISSIVE }], (chart) => new ApiObject(chart, 'sidecar', {
      apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', spec: { ingress: [{ port: { number: 80, protocol: 'HTTP', name: 'http' }, defaultEndpoint: '127.0.0.1:8080' }] },
    })],
  ])('%s', (_, ports, change) => {
    expect(excepted(ports, change)).not.toThrow();
  });

  test.each<[string, (chart: Chart) => void]>([
    ['a Service of other pods', (chart) => new ApiObject(chart, 'svc', { apiVersion: 'v1', kind: 'Service', spec: { selector: { app: 'other' }, ports: [{ port: 80, targetPort: 8080 }] } })],
    ['a Service without a selector', (chart) => new ApiObject(chart, 'svc', { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 80, targetPort: 8080 }] } })],
    ['a Service of another namespace', (chart) => new ApiObject(chart, 'svc', { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'bank' }, spec: { selector: { app: 'ratings' }, ports: [{ port: 80, targetPort: 8080 }] } })],
    ['a UDP port', (chart) => service(chart, { port: 80, targetPort: 8080, protocol: 'UDP' })],
    ['a port by a name that no container has', (chart) => service(chart, { port: 80, targetPort: 'unknown' })],
  ])('%s', (_, add) => {
    const chart = chartIn('shop');
    add(chart);
    new WorkloadOverride(chart, 'override', { workload: ratings(chart, 8080), ports: [{ port: 80, mode: PERMISSIVE }] });
    expect(() => synth(chart)).not.toThrow();
  });

  test('a workload that declares no ports, and may listen on any', () => {
    const chart = chartIn('shop');
    service(chart, { port: 80, targetPort: 8080 });
    new WorkloadOverride(chart, 'override', { workload: ratings(chart), ports: [{ port: 80, mode: PERMISSIVE }] });
    expect(() => synth(chart)).not.toThrow();
  });

  test('a workload whose native sidecar declares the port', () => {
    const chart = chartIn('shop');
    const workload = new ApiObject(chart, 'ratings', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { labels: { app: 'ratings' } },
      spec: { initContainers: [{ name: 'proxy', restartPolicy: 'Always', ports: [{ containerPort: 80 }] }], containers: [{ name: 'a', ports: [{ containerPort: 8080 }] }] },
    });
    service(chart, { port: 80, targetPort: 8080 });
    new WorkloadOverride(chart, 'override', { workload: Pods.of(workload), ports: [{ port: 80, mode: PERMISSIVE }] });
    expect(() => synth(chart)).not.toThrow();
  });
});

test('uses ports that a Service gets after the override', () => {
  const chart = chartIn('shop');
  const workload = ratings(chart, 8080);
  new WorkloadOverride(chart, 'override', { workload, ports: [{ port: 80, mode: PERMISSIVE }] });
  expect(() => synth(chart)).not.toThrow();
  workload.exposeViaService({ name: 'ratings', ports: [{ port: 80, targetPort: 8080 }] });
  expect(() => synth(chart)).toThrow(/Service shop\/ratings, whose target port is 8080. Fix: replace 80 with 8080. \[API088\]/);
});
