import { ConnectionQuery, filterFor, UnknownNameError, workloadNamed } from '../../../src/mesh/queries/selection';
import { deployment, injected, mesh, service, serviceEntry } from '../../support/meshes/mesh';

const world = () => mesh([
  injected('a', 'b'), deployment('a/client'), deployment('b/server'), { ...deployment('b/twin'), kind: 'StatefulSet' }, deployment('b/twin'),
  service('b/server', ['http:80', 'http-2:81']), service('b/other'), service('b/dns', [{ name: 'dns', port: 53, protocol: 'UDP' }]), service('b/alias', [], { type: 'ExternalName', externalName: 'x.example.com' }),
  serviceEntry('a/e', { hosts: ['x.example.com', 'y.example.com'], resolution: 'DNS', ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] }),
]);
/** The clients and calls that a query selects, as `namespace/name` and `host:port`. */
function wanted(query: ConnectionQuery): { clients: string[]; calls: string[] } {
  const whole = world();
  const { client, requested } = filterFor(whole, query);
  return {
    clients: whole.workloads.filter((one) => client?.(one) ?? true).map(({ kind, name }) => `${kind} ${name}`),
    calls: whole.decisions.calls.filter((call) => requested?.(call) ?? true).map(({ host, port }) => `${host.replace('.svc.cluster.local', '')}:${port}`),
  };
}
const refused = (query: ConnectionQuery): string => {
  try {
    wanted(query);
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

test('an empty query selects everything', () => {
  const filter = filterFor(world(), {});
  expect(filter).toEqual({ client: undefined, requested: undefined, outcome: undefined });
  expect(filterFor(world(), { outcome: 'mtls' }).outcome).toBe('mtls');
});

test.each([
  ['a/client', ['Deployment client']], ['deployment/a/client', ['Deployment client']], ['Deployment/a/client', ['Deployment client']], ['statefulset/b/twin', ['StatefulSet twin']],
])('selects the client %s', (client, expected) => {
  expect(wanted({ client }).clients).toEqual(expected);
});

test.each([
  ['b/server', ['server.b:80', 'server.b:81']], ['b/server:81', ['server.b:81']], ['server.b.svc.cluster.local:80', ['server.b:80']],
  ['a/e', ['x.example.com:443', 'y.example.com:443']], ['y.example.com', ['y.example.com:443']],
])('selects the service %s', (called, expected) => {
  expect(wanted({ service: called }).calls).toEqual(expected);
});

test.each([
  ['an ambiguous client', { client: 'b/twin' }, 'client \'b/twin\' matches 2 workloads; expected one of them. Fix: write deployment/b/twin or statefulset/b/twin.'],
  ['a misspelled client', { client: 'a/cleint' }, 'client \'a/cleint\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: write a/client (Deployment).'],
  ['a client without a similar name', { client: 'nothing-like-it' }, 'client \'nothing-like-it\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: check the name.'],
  ['a service with UDP ports only', { service: 'b/dns' }, 'service \'b/dns\' has no TCP ports; expected a service that accepts connections. Fix: name another service.'],
  ['a service without ports', { service: 'alias.b:80' }, 'service \'alias.b:80\' has no TCP ports; expected a service that accepts connections. Fix: name another service.'],
  ['a misspelled service', { service: 'b/sever' }, 'service \'b/sever\' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: write b/server (Service).'],
  ['an unknown port', { service: 'b/server:82' }, 'service \'b/server:82\' has no such port; expected one of its ports. Fix: write b/server:80 or b/server:81.'],
  ['a service without a similar name', { service: 'nothing-like-any-of-them' }, 'service \'nothing-like-any-of-them\' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: check the name.'],
  ['a service with a line break', { service: 'b/server\n' }, 'service \'b/server\n\' is not a service in these manifests; expected namespace/name or a host, with :port or without. Fix: write b/server (Service).'],
])('rejects %s: %j', (_, query, expected) => {
  expect(refused(query)).toBe(expected);
});

test('workloadNamed finds a workload, and its error for an unknown name says "workload"', () => {
  expect(workloadNamed(world(), 'statefulset/b/twin')).toMatchObject({ kind: 'StatefulSet', name: 'twin' });
  expect(() => workloadNamed(world(), 'a/cleint')).toThrow(new UnknownNameError('workload \'a/cleint\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: write a/client (Deployment).'));
});

test('errors don\'t repeat text that may be a key', () => {
  const key = 'MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDHrjeoQ+6L6BjL'.repeat(2);
  expect(refused({ client: key }) + refused({ service: key })).not.toContain(key.slice(0, 12));
});

/** An app's objects: names that cdk8s makes of constructs' paths, and one label for several versions. */
const named = () => mesh([
  injected('books', 'shop'),
  ...['v1', 'v2', 'v3'].map((version) => deployment(`books/reviews-${version}`, { labels: { app: 'reviews' } })),
  deployment('books/product-page', { labels: { 'app.kubernetes.io/name': 'front' } }),
  deployment('shop/shop-web-v1-c86bb3cb'), deployment('shop/shop-websocket-c8aabbcc'), deployment('shop/apps-basket-c8aabb01'),
  deployment('shop/apps-jobs-nightly-c8aabb02'), deployment('shop/apps-mail-nightly-c8aabb03'), service('shop/basket-api', ['http:80'], { selector: { app: 'apps-basket-c8aabb01' } }), deployment('shop/job'), { ...deployment('books/job'), kind: 'StatefulSet' },
  service('books/reviews', ['http:9080'], { clusterIP: '10.0.0.7' }),
  service('shop/reviews', ['http:9080']),
  service('shop/six', ['http:80'], { clusterIP: 'fd00::7' }),
  service('shop/shop-web-service-c8d00d00', ['http:80']),
]);
const asked = (query: ConnectionQuery): readonly string[] | string => {
  const whole = named();
  try {
    const { client, requested } = filterFor(whole, query);
    return [
      ...client ? whole.workloads.filter(client).map(({ namespace, name }) => `${namespace}/${name}`) : [],
      ...requested ? whole.decisions.calls.filter(requested).map(({ host, port }) => `${host.replace('.svc.cluster.local', '')}:${port}`) : [],
    ];
  } catch (error) {
    return (error as Error).message;
  }
};

test.each<[string, readonly string[], ConnectionQuery?]>([
  ['product-page', ['books/product-page']], ['product-page.books', ['books/product-page']], ['deployment/product-page', ['books/product-page']],
  ['front', ['books/product-page']], ['books/front', ['books/product-page']], ['front.books', ['books/product-page']],
  ['reviews', ['books/reviews-v1', 'books/reviews-v2', 'books/reviews-v3']],
  ['shop/web', ['shop/shop-web-v1-c86bb3cb']], ['shop/web/v1', ['shop/shop-web-v1-c86bb3cb']],
  ['shop/web-v1', ['shop/shop-web-v1-c86bb3cb']], ['web-v1', ['shop/shop-web-v1-c86bb3cb']], ['basket', ['shop/apps-basket-c8aabb01']], ['shop/basket', ['shop/apps-basket-c8aabb01']],
  ['basket-api', ['shop/apps-basket-c8aabb01']], ['shop/basket-api', ['shop/apps-basket-c8aabb01']], ['mail-nightly', ['shop/apps-mail-nightly-c8aabb03']],
  ['job', ['shop/job'], { namespace: 'shop' }], ['statefulset/job', ['books/job']],
])('selects the client %s, a short form of its name', (...[client, expected, more]) => {
  expect(asked({ client, ...more })).toEqual(expected);
});

test.each<[string, readonly string[], ConnectionQuery?]>([
  ['reviews.books:9080', ['reviews.books:9080']], ['reviews.books.svc', ['reviews.books:9080']], ['service/books/reviews', ['reviews.books:9080']],
  ['Reviews.books.svc.cluster.local.', ['reviews.books:9080']], ['10.0.0.7', ['reviews.books:9080']], ['10.0.0.7:9080', ['reviews.books:9080']],
  ['fd00::7', ['six.shop:80']], ['[fd00::7]:80', ['six.shop:80']], ['reviews', ['reviews.shop:9080'], { namespace: 'shop' }], ['six', ['six.shop:80'], { namespace: 'books' }],
  ['shop/web', ['shop-web-service-c8d00d00.shop:80']], ['web-service', ['shop-web-service-c8d00d00.shop:80']],
])('selects the service %s, a short form of its name', (...[called, expected, more]) => {
  expect(asked({ service: called, ...more })).toEqual(expected);
});

test('a construct\'s path is exact where it is known', () => {
  const whole = named();
  const paths = new Map(whole.workloads.map(({ name, object }): [object, string] => [object.source, name.startsWith('shop-websocket') ? 'shop/api/Resource' : 'elsewhere']));
  expect(whole.workloads.filter(filterFor(whole, { client: 'shop/api', paths }).client!).map(({ name }) => name)).toEqual(['shop-websocket-c8aabbcc']);
  expect(() => filterFor(whole, { client: 'shop/web', paths })).toThrow(UnknownNameError);
});

/** Workloads of which some state their construct's path, which says nothing of their names. */
const annotated = () => {
  const at = (path: string, constructPath: string) => {
    const made = deployment(path);
    return { ...made, metadata: { ...made.metadata as object, annotations: { 'constructs.istio-mtls/path': constructPath } } };
  };
  return mesh([
    injected('shop'), at('shop/shop-front-c8aabb01', 'site/web/Resource'), deployment('shop/site-web-c8aabb02'), at('shop/old', 'site/twin'),
    at('shop/new', 'site/twin'), at('shop/api', 'shop/worker'), deployment('shop/worker'), service('shop/front', ['http:80'], { selector: { app: 'old' } }),
  ]);
};
const clientOf = (client: string): readonly string[] => {
  const whole = annotated();
  return whole.workloads.filter(filterFor(whole, { client }).client!).map(({ name }) => name);
};

test.each([
  ['site/web/Resource', ['shop-front-c8aabb01']], ['site/web', ['shop-front-c8aabb01']], ['shop/worker', ['worker']], ['shop/api', ['api']],
])('the path %s that a workload states as an annotation is taken before derived names, and after its own names', (client, expected) => {
  expect(clientOf(client)).toEqual(expected);
});

test('a workload that states another path isn\'t taken by the name that cdk8s derived, and two with one path aren\'t told apart', () => {
  expect(() => clientOf('shop/front/Resource')).toThrow('client \'shop/front/Resource\' is not a workload in these manifests');
  expect(() => workloadNamed(annotated(), 'site/twin')).toThrow('workload \'site/twin\' matches 2 workloads; expected one of them. Fix: write deployment/shop/new or deployment/shop/old.');
});

test.each<[string, ConnectionQuery, string]>([
  ['an ambiguous client', { client: 'job' }, 'client \'job\' matches 2 workloads; expected one of them. Fix: write statefulset/books/job or deployment/shop/job.'],
  ['an ambiguous service', { service: 'reviews' }, 'service \'reviews\' matches 2 services; expected one of them. Fix: write books/reviews or shop/reviews.'],
  ['a client in another namespace', { client: 'shop/product-page' }, 'client \'shop/product-page\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: write books/product-page (Deployment).'],
  ['a client with similar names', { client: 'books/reviews-v4' }, 'client \'books/reviews-v4\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: write books/reviews-v1 (Deployment) or books/reviews-v2 (Deployment) or books/reviews-v3 (Deployment).'],
  ['the end of several derived names', { client: 'shop/nightly' }, 'client \'shop/nightly\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: check the name.'],
  ['a part of a derived name', { client: 'shop/asket' }, 'client \'shop/asket\' is not a workload in these manifests; expected namespace/name or kind/namespace/name. Fix: check the name.'],
  ['a service as client', { client: 'service/books/reviews' }, 'client \'service/books/reviews\' is a service, not a workload; expected namespace/name or kind/namespace/name. Fix: write books/reviews-v1 (Deployment) or books/reviews-v2 (Deployment) or books/reviews-v3 (Deployment).'],
  ['a workload as service', { service: 'books/reviews-v1' }, 'service \'books/reviews-v1\' is a workload, not a service; expected namespace/name or a host, with :port or without. Fix: write books/reviews (Service).'],
])('rejects with the nearest names %s: %j', (_, query, message) => {
  expect(asked(query)).toBe(message);
});
