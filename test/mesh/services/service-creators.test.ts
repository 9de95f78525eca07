import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALLED_SERVICES, SERVICE_CREATORS } from '../../../src/mesh/services/service-creators';
import { connections, deployment, injected, mesh, service, toHost, virtualService } from '../../support/meshes/mesh';

const object = (kind: string, path: string, spec: object = {}, group = kind.slice(kind.indexOf('.') + 1)) => ({
  apiVersion: `${group}/v1`, kind: kind.split('.')[0], metadata: { namespace: path.split('/')[0], name: path.split('/')[1] }, spec,
});

describe.each(SERVICE_CREATORS.filter(({ placeOf }) => !placeOf).map(({ kind, services }) => [kind, services] as const))('objects of kind %s', (kind, services) => {
  const { coverage } = mesh([object(kind, 'shop/orders')]);

  test.each(services)('creates %s in its own namespace', (pattern) => {
    const name = pattern.replace('{name}', 'orders').replace('*', 'anything-else');
    expect(coverage.creatorOf(name, 'shop')).toEqual({ by: `${kind.split('.')[0]} shop/orders`, isCertain: !pattern.includes('*') });
    expect(coverage.creatorOf(name, 'other')).toBeUndefined();
  });

  test('create no Service of another name', () => {
    expect([coverage.creatorOf('web', 'shop'), coverage.creatorOf('order', 'shop')]).toEqual([undefined, undefined]);
  });
});

test.each([
  ['Canary.flagger.app', { targetRef: { name: 'web' } }, 'web-primary', 'shop', true],
  ['Canary.flagger.app', { targetRef: { name: 'web' }, service: { name: 'front' } }, 'front', 'shop', true],
  ['HelmRelease.helm.toolkit.fluxcd.io', {}, 'orders', 'shop', true],
  ['HelmRelease.helm.toolkit.fluxcd.io', { targetNamespace: 'data' }, 'data-orders-master', 'data', false],
  ['HelmRelease.helm.toolkit.fluxcd.io', { targetNamespace: 'data', releaseName: 'redis' }, 'redis-master', 'data', false],
  ['HelmChart.helm.cattle.io', { targetNamespace: 'data' }, 'orders-master', 'data', false],
  ['Application.argoproj.io', { destination: { namespace: 'data' } }, 'orders', 'data', true],
  ['Application.argoproj.io', { destination: { namespace: 'data' }, source: { helm: { releaseName: 'redis' } } }, 'redis-master', 'data', false],
])('%s with %j creates %s in %s', (kind, spec, name, namespace, isCertain) => {
  const { coverage } = mesh([object(kind, 'shop/orders', spec)]);
  expect(coverage.creatorOf(name, namespace)).toEqual({ by: `${kind.split('.')[0]} shop/orders`, isCertain });
});

test.each([
  ['istiod', 'istio-system', 'Istio\'s installation'], ['istiod-canary', 'istio', 'Istio\'s installation'], ['istio-ingressgateway', 'gateways', 'Istio\'s installation'],
  ['kubernetes', 'default', 'the API server'], ['kubernetes', 'shop', undefined], ['kube-dns', 'kube-system', 'the cluster\'s installation'], ['istio', 'istio-system', undefined],
])('Service %s in %s is created by %s', (name, namespace, by) => {
  expect(mesh([]).coverage.creatorOf(name, namespace)?.by).toBe(by);
});

test('a kind of the same name in another API group creates no Service', () => {
  expect(mesh([object('Kafka.example.com', 'shop/orders')]).coverage.creatorOf('orders-kafka-bootstrap', 'shop')).toBeUndefined();
});

describe('a route to a Service that the manifests lack', () => {
  const route = virtualService('shop/r', { hosts: ['server'], http: [toHost('orders-kafka-bootstrap')] });
  const shop = [injected('shop'), deployment('shop/client'), deployment('shop/server'), service('shop/server', ['http:80']), route];
  const outcomes = (objects: unknown[]) => connections(objects)
    .filter(({ client }) => client.name === 'client').map(({ outcome, undecidedBecause }) => `${outcome} ${undecidedBecause ?? ''}`.trim());

  test('is broken if nothing creates it', () => {
    expect(outcomes(shop)).toEqual(['broken']);
  });

  test('is undecided if an object in its namespace creates it', () => {
    expect(outcomes([...shop, object('Kafka.kafka.strimzi.io', 'shop/orders')])).toEqual(['undecided destination-elsewhere']);
  });
});

test('docs/analysis.md lists all of them, with their sources', () => {
  const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'analysis.md'), 'utf8');
  const code = (services: readonly string[]) => services.map((name) => `\`${name}\``).join(', ');
  const rows = [
    ...SERVICE_CREATORS.map(({ kind, services, source }) => `| \`${kind}\` | ${code(services)} | <${source}> |`),
    ...INSTALLED_SERVICES.map(({ by, namespace, services, source }) => `| ${by}${namespace ? `, in \`${namespace}\`` : ''} | ${code(services)} | <${source}> |`),
  ];
  expect(page.split('\n').filter((line) => line.endsWith('> |'))).toEqual(rows);
});
