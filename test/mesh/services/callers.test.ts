// Clients of Services that aren't workloads: Ingresses, Prometheus through its monitors, and the API server.
import { valueAt } from '../../../src/findings/finding';
import { usualApiVersion } from '../../../src/manifests/kinds';
import { FieldRef } from '../../../src/mesh/inventory/field-ref';
import { readObject } from '../../../src/mesh/inventory/object';
import { apiServerCallsOf, conversionWebhook } from '../../../src/mesh/services/api-server-calls';
import { controllerOf, readIngress } from '../../../src/mesh/services/ingress';
import { readPodMonitor, readServiceMonitor } from '../../../src/mesh/services/monitor';

const read = (kind: string, fields: object) => readObject({ apiVersion: usualApiVersion(kind) ?? 'x/v1', kind, metadata: { namespace: 'a', name: 'o' }, ...fields })!;
const written = ({ object, field }: FieldRef) => valueAt(object.source, field);

describe('an Ingress', () => {
  const to = (name: string, port: object) => ({ backend: { service: { name, port } } });

  test('names Services and their ports, each at its place', () => {
    const { backends, className } = readIngress(read('Ingress', {
      spec: {
        ingressClassName: 'nginx',
        defaultBackend: to('one', { number: 80 }).backend,
        rules: [null, { host: 'x' }, { http: { paths: [null, to('two', { name: 'http' }), to('three', { number: '81' })] } }],
      },
    }));
    expect(className).toBe('nginx');
    expect(backends.map(({ service, port }) => [service, port])).toEqual([['one', { number: 80 }], ['two', { name: 'http' }], ['three', { number: 81 }]]);
    expect(backends.map(({ at }) => written(at))).toEqual(['one', 'two', 'three']);
  });

  test('without a backend calls no Service', () => {
    expect(readIngress(read('Ingress', {}))).toMatchObject({ className: undefined, backends: [{ service: '', port: {} }] });
  });

  test('has a class, which has a controller', () => {
    expect(controllerOf(read('IngressClass', { spec: { controller: 'istio.io/ingress-controller' } }))).toBe('istio.io/ingress-controller');
  });
});

describe('a monitor', () => {
  test('of pods names a port by number, by name or as the target, the first that it has', () => {
    const { endpoints } = readPodMonitor(read('PodMonitor', {
      spec: {
        podMetricsEndpoints: [
          null, { portNumber: 80, port: 'http' }, { port: 'http', targetPort: 81 }, { targetPort: '82' },
        ],
      },
    }));
    expect(endpoints.map(({ port, target }) => [port, target])).toEqual([[undefined, 80], [undefined, 'http'], [undefined, 82]]);
    expect(endpoints.map(({ at }) => written(at))).toEqual(['http', 'http', '82']);
  });

  test('of Services names a Service\'s port, or a container\'s', () => {
    const { endpoints } = readServiceMonitor(read('ServiceMonitor', { spec: { endpoints: [{ port: 'http' }, { targetPort: 'web' }, { port: 80 }] } }));
    expect(endpoints.map(({ port, target }) => [port, target])).toEqual([['http', undefined], [undefined, 'web'], ['80', undefined]]);
    expect(endpoints.map(({ at }) => written(at))).toEqual(['http', 'web', 80]);
  });

  test.each([
    [{}, { selector: {}, namespaces: ['a'] }],
    [{ selector: { matchLabels: { app: 'x' } }, namespaceSelector: { matchNames: ['b', 'c'] } }, { selector: { app: 'x' }, namespaces: ['b', 'c'] }],
    [{ selector: { matchLabels: { app: 'x' }, matchExpressions: [{}] } }, { selector: undefined, namespaces: ['a'] }],
    [{ namespaceSelector: { any: true, matchNames: ['b'] } }, { selector: {}, namespaces: 'all' }],
  ])('with %j selects %j', (spec, selects) => {
    expect(readServiceMonitor(read('ServiceMonitor', { spec }))).toMatchObject(selects);
  });

  test.each([
    [{}, 1], [{ scheme: 'http' }, 1], [{ scheme: 'HTTP' }, 1], [{ scheme: 'https' }, 0],
    [{ relabelings: [{ targetLabel: '__address__' }] }, 0], [{ relabelings: [{ targetLabel: '__scheme__' }] }, 0], [{ relabelings: [{ targetLabel: 'pod' }] }, 1],
  ])('with %j scrapes in plaintext: %i endpoints', (endpoint, times) => {
    expect(readServiceMonitor(read('ServiceMonitor', { spec: { endpoints: [{ port: 'http', ...endpoint }] } })).endpoints).toHaveLength(times);
  });
});

describe('calls of the API server', () => {
  const clientConfig = { service: { namespace: 'b', name: 'hook', port: '8443' } };
  const called = { namespace: 'b', name: 'hook', port: 8443 };

  test.each([
    ['MutatingWebhookConfiguration', { webhooks: [null, { clientConfig }] }],
    ['ValidatingWebhookConfiguration', { webhooks: [{ clientConfig }] }],
    ['APIService', { spec: clientConfig }],
    ['CustomResourceDefinition', { spec: { conversion: { webhook: { clientConfig } } } }],
  ])('need the Service that a %s names', (kind, fields) => {
    const calls = apiServerCallsOf(read(kind, fields));
    expect(calls.map(({ service }) => service)).toEqual([called]);
    expect(calls.map(({ at }) => written(at))).toEqual([clientConfig.service]);
  });

  test.each([[{ url: 'https://x' }], [{ service: { name: 'hook' } }], [{ service: { namespace: 'b' } }], [undefined]])('need no Service: %j', (config) => {
    expect(apiServerCallsOf(read('ValidatingWebhookConfiguration', { webhooks: [{ clientConfig: config }] }))).toEqual([]);
  });

  test('use port 443 by default', () => {
    expect(apiServerCallsOf(read('APIService', { spec: { service: { namespace: 'b', name: 'hook' } } }))[0].service.port).toBe(443);
  });

  test('concern the whole conversion webhook of a CustomResourceDefinition', () => {
    expect(conversionWebhook(read('CustomResourceDefinition', { spec: { conversion: { webhook: { clientConfig } } } }))).toEqual({ clientConfig });
  });
});
