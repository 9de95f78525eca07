import { ApiObject, Chart } from 'cdk8s';
import { ClientTls, Destination, Services } from '../../../src/index';
import { appOfMeshes, chartIn, synth } from '../../support/constructs/charts';

const HOST = 'reviews.shop.svc.cluster.local';
const mutual = ClientTls.istioMutual();

describe('with the host of a Service of the same mesh', () => {
  const PORTS = { ports: [{ port: 8080, tls: mutual }] };
  const withService = (chart: Chart) => new ApiObject(chart, 'svc', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'reviews', namespace: 'shop' }, spec: { ports: [{ port: 80, targetPort: 8080 }] } });

  /** The synth of a rule that stands before the Service. */
  const synthOf = (create: (chart: Chart) => unknown) => () => {
    const chart = chartIn('shop');
    create(chart);
    withService(chart);
    return synth(chart);
  };

  test.each<[string, (chart: Chart) => unknown]>([
    ['in full', (chart) => new Destination(chart, 'reviews', { host: HOST, ...PORTS })],
    ['short', (chart) => new Destination(chart, 'reviews', { host: 'reviews', shortHost: true, ...PORTS })],
    ['of a subset\'s port', (chart) => new Destination(chart, 'reviews', { host: HOST, subsets: [{ name: 'v1', labels: { version: 'v1' }, ...PORTS }] })],
    ['in a rule of another namespace', (chart) => new Destination(chart, 'reviews', { host: HOST, namespace: 'bank', ...PORTS })],
    ['by Services.named', (chart) => Destination.ofService(chart, 'reviews', Services.named('shop', 'reviews', 80), PORTS)],
  ])('%s, a port that it lacks is refused at synth', (_, create) => {
    expect(synthOf(create)).toThrow("DestinationRule (test/reviews): portLevelSettings is for port 8080; expected a port of Service reviews: 80, because Istio uses the Service's port here, not the container's, and ignores an unknown one. Fix: pass the Service's port number. [API036]");
  });

  test('a port that it has is fine', () => {
    expect(synthOf((chart) => new Destination(chart, 'reviews', { host: HOST, ports: [{ port: 80, tls: mutual }] }))).not.toThrow();
  });

  test.each(['ratings.shop.svc.cluster.local', 'reviews.bank.svc.cluster.local', '*.shop.svc.cluster.local', 'reviews.example.com'])('any port of %s is fine', (host) => {
    expect(synthOf((chart) => new Destination(chart, 'reviews', { host, ...PORTS }))).not.toThrow();
  });

  test('any port is fine if the Service is of another mesh of the app', () => {
    const { app, dev, prod } = appOfMeshes();
    withService(dev);
    new Destination(prod, 'reviews', { host: HOST, ...PORTS });
    expect(() => app.synth()).not.toThrow();
    new Destination(dev, 'reviews', { host: HOST, ...PORTS });
    expect(() => app.synth()).toThrow('DestinationRule (dev/shop/reviews): portLevelSettings is for port 8080');
  });
});
