import { ApiObject, App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  CallEnforcement, CallOptions, Caller, Calls, ExternalProtocol, ExternalService, IstioMesh, MtlsAnalysis, MtlsMode, Services, WorkloadOverride,
} from '../../../src/index';
import { DeclaringShop } from '../../support/constructs/declaring-shop';

function rawService(shop: DeclaringShop, workload: kplus.Deployment, targetPort: string): ApiObject {
  const selector = workload.toPodSelectorConfig().labelSelector._toKube().matchLabels;
  return shop.object('service', 'v1', 'Service', 'cart', { selector, ports: [{ port: 80, targetPort, name: 'http' }] });
}

const PLAINTEXT = { host: 'cart', trafficPolicy: { tls: { mode: 'DISABLE' } } };
const WEB = 'cluster.local/ns/shop/sa/web';

test('a declared call is allowed by the Service\'s policy, and written on the client', () => {
  const shop = new DeclaringShop();
  const cart = shop.deployment('cart');
  Calls.of(shop.deployment('web')).to(shop.service('cart', cart));
  expect(shop.policy).toEqual({
    selector: { matchLabels: { 'cdk8s.io/metadata.addr': expect.stringMatching(/^shop-cart-/) } },
    action: 'ALLOW',
    rules: [{ from: [{ source: { principals: [WEB] } }], to: [{ operation: { ports: ['8080'] } }] }],
  });
  expect(shop.annotationOf('web')).toBe('shop/cart');
  expect(shop.annotationOf('cart')).toBeUndefined();
});

test('a client that calls nothing says so', () => {
  const shop = new DeclaringShop();
  Calls.of(shop.deployment('web'));
  expect(shop.annotationOf('web')).toBe('');
});

test('callers that may do the same share a rule, others have their own', () => {
  const shop = new DeclaringShop();
  const cart = shop.service('cart', shop.deployment('cart'));
  const [web, admin, jobs] = ['web', 'admin', 'jobs'].map((name) => shop.deployment(name));
  Calls.of(web).to(cart, { methods: ['GET'], paths: ['/items/*'] }).to(cart, { methods: ['GET'], paths: ['/items/*'] });
  Calls.of(admin).to(cart);
  Calls.of(jobs).to(cart, { methods: ['GET'], paths: ['/items/*'] });
  const operation = { ports: ['8080'], methods: ['GET'], paths: ['/items/*'] };
  expect(shop.policy.rules).toEqual([
    { from: [{ source: { principals: [WEB, 'cluster.local/ns/shop/sa/jobs'] } }], to: [{ operation }] },
    { from: [{ source: { principals: ['cluster.local/ns/shop/sa/admin'] } }], to: [{ operation: { ports: ['8080'] } }] },
  ]);
  expect(shop.annotationOf('web')).toBe('shop/cart');
});

describe('the ports of a policy are the container\'s', () => {
  const ports: kplus.ServicePort[] = [{ port: 80, targetPort: 8080, name: 'http' }, { port: 90, targetPort: 9090, name: 'http-metrics' }];

  test.each<[string, CallOptions | undefined, string[]]>([
    ['behind all ports of the Service', undefined, ['8080', '9090']],
    ['behind the one that is called', { port: 90 }, ['9090']],
  ])('%s', (_, options, expected) => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(shop.service('cart', shop.deployment('cart'), ports), options);
    expect(shop.policy.rules[0].to).toEqual([{ operation: { ports: expected } }]);
    expect(shop.annotationOf('web')).toBe(options ? 'shop/cart:90' : 'shop/cart');
  });

  test('by the name of a container\'s port', () => {
    const shop = new DeclaringShop();
    shop.deployment('other');
    const cart = shop.deployment('cart');
    Calls.of(shop.deployment('web')).to(Services.of(rawService(shop, cart, 'web')));
    expect(shop.policy.rules[0].to).toEqual([{ operation: { ports: ['8080'] } }]);
  });
});

test('withoutIdentity opens one port to everybody', () => {
  const shop = new DeclaringShop();
  const cart = shop.deployment('cart');
  const service = shop.service('cart', cart, [{ port: 80, targetPort: 8080, name: 'http' }, { port: 9090, name: 'http-metrics' }]);
  new WorkloadOverride(shop.chart, 'scrape', { workload: cart, ports: [{ port: 9090, mode: MtlsMode.PERMISSIVE }] });
  Calls.of(shop.deployment('web')).to(service, { port: 80 });
  Calls.of(shop.deployment('prometheus', { inject: 'false' })).to(service, { port: 9090, withoutIdentity: true });
  expect(shop.policy.rules).toEqual([
    { from: [{ source: { principals: [WEB] } }], to: [{ operation: { ports: ['8080'] } }] },
    { to: [{ operation: { ports: ['9090'] } }] },
  ]);
  expect(shop.refusals).toEqual([]);
});

test('callers outside the app have policies only', () => {
  const shop = new DeclaringShop();
  const cart = shop.service('cart', shop.deployment('cart'));
  Calls.by(Caller.serviceAccount('edge', 'gateway')).to(cart);
  Calls.by(Caller.namespace('reports')).to(cart);
  expect(shop.policy.rules).toEqual([
    { from: [{ source: { principals: ['cluster.local/ns/edge/sa/gateway'] } }], to: [{ operation: { ports: ['8080'] } }] },
    { from: [{ source: { namespaces: ['reports'] } }], to: [{ operation: { ports: ['8080'] } }] },
  ]);
  expect(shop.objects.flatMap(({ metadata: { annotations } }) => Object.keys(annotations ?? {}))).toEqual([]);
});

test('an external host is called without a policy', () => {
  const shop = new DeclaringShop();
  const bank = new ExternalService(shop.chart, 'bank', { hosts: ['bank.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }] });
  Calls.of(shop.deployment('web')).to(bank, { port: 443 });
  expect(shop.annotationOf('web')).toBe('bank.example:443');
  expect(shop.objects.filter(({ kind }) => kind === 'AuthorizationPolicy')).toEqual([]);
  expect(shop.refusals).toEqual([]);
});

test('a workload may call its own Service', () => {
  const shop = new DeclaringShop();
  const cart = shop.deployment('cart');
  Calls.of(cart).to(shop.service('cart', cart));
  expect(shop.refusals).toEqual([]);
});

describe('refuses at once', () => {
  const shop = new DeclaringShop();
  const web = shop.deployment('web');
  const cart = shop.service('cart', shop.deployment('cart'));
  const bank = new ExternalService(shop.chart, 'bank', { hosts: ['bank.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }] });

  test.each<[string, () => unknown, RegExp]>([
    ['a Service as client', () => Calls.of(cart as any), /client is shop\/cart-service.*\[API008\]$/],
    ['a caller that Caller didn\'t make', () => Calls.by({} as any), /\[API019\]$/],
    ['a workload as what is called', () => Calls.of(web).to(web as any), /^Calls \(shop\/web\/Resource\): to is shop\/web \(apps\/v1 Deployment\); expected a Service .*Fix: pass the Service in front of it\. \[API852\]$/],
    ['a Service without a namespace', () => Calls.of(web).to(new kplus.Service(new Chart(shop.app, 'none'), 'service', { ports: [{ port: 80 }] })), /set the namespace of the Service's chart\. \[API852\]$/],
    ['withoutIdentity without a port', () => Calls.of(web).to(cart, { withoutIdentity: true }), /to\(shop\/cart\) withoutIdentity is set without a port; .*\[API853\]$/],
    ['methods of an external host', () => Calls.of(web).to(bank, { methods: ['GET'] }), /to\(bank\.example\) methods is set for an external host; .*\[API854\]$/],
    ['paths of an external host', () => Calls.of(web).to(bank, { paths: ['/'] }), /to\(bank\.example\) paths is set .*\[API854\]$/],
    ['a method in lower case', () => Calls.of(web).to(cart, { methods: ['get'] }), /\[API805\]$/],
  ])('%s', (_, declare, message) => {
    expect(declare).toThrow(message);
  });
});

describe('refuses at synth', () => {
  test('a Service of type ExternalName', () => {
    const shop = new DeclaringShop();
    const service = new kplus.Service(shop.chart, 'api', { metadata: { name: 'api' }, type: kplus.ServiceType.EXTERNAL_NAME, externalName: 'api.example.com' });
    Calls.of(shop.deployment('web')).to(service);
    expect(() => shop.objects).toThrow(/to\(shop\/api\) is Service api of type ExternalName, which has no pods; .* to the Service that it names, .*\[API850\]$/);
  });

  test('a Service without a selector', () => {
    const shop = new DeclaringShop();
    const service = new kplus.Service(shop.chart, 'cart', { metadata: { name: 'cart' }, ports: [{ port: 80 }] });
    Calls.of(shop.deployment('web')).to(service);
    expect(() => shop.objects).toThrow(/Calls \(shop\/web\/Resource\): to\(shop\/cart\) is Service cart, which has no selector; .*\[API850\]$/);
  });

  test('a named port that no container has', () => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(Services.of(rawService(shop, shop.deployment('cart'), 'http')));
    expect(() => shop.objects).toThrow(/targetPort 'http' no container of the app has behind it; .*\[API851\]$/);
  });

  test('a port that the Service lacks', () => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(shop.service('cart', shop.deployment('cart')), { port: 81 });
    expect(shop.refusals).toEqual([expect.stringMatching(/to\(shop\/cart\) port is for port 81; expected a port of Service cart: 80, because clients call a port of the Service\. Fix: .*\[API036\]$/)]);
  });

  test('a client without a sidecar, as it has no certificate', () => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web', { inject: 'false' })).to(shop.service('cart', shop.deployment('cart')));
    expect(shop.refusals).toEqual([
      expect.stringMatching(/^Calls \(shop\/web\/Resource\): client is Deployment web, whose pods have no proxy .*\[API802\]$/),
    ]);
  });

  test('methods on a port without HTTP', () => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(shop.service('cart', shop.deployment('cart'), [{ port: 80, targetPort: 8080, name: 'tcp' }]), { methods: ['GET'] });
    expect(shop.refusals).toEqual([expect.stringMatching(/to\(shop\/cart\) methods is set for port 8080 of Deployment shop\/cart.*\[API807\]$/)]);
  });

  test('a call that is broken, with the object that decides', () => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(shop.service('cart', shop.deployment('cart')));
    shop.object('plaintext', 'networking.istio.io/v1', 'DestinationRule', 'cart', PLAINTEXT);
    shop.mesh.strict();
    expect(shop.refusals).toEqual([expect.stringMatching(/1 of 1 connection is broken, such as .*because DestinationRule shop\/cart \(shop\/plaintext\) spec\.trafficPolicy\.tls\.mode.*\[API855\]$/)]);
  });

  test('a call that isn\'t decided, with the fact that decides it', () => {
    const shop = new DeclaringShop({ hasNamespace: false });
    Calls.of(shop.deployment('web')).to(shop.service('cart', shop.deployment('cart')));
    expect(shop.refusals).toEqual([expect.stringMatching(/is plaintext if shop has none.*Fix: list namespaces in injectedNamespaces.*\[API855\]$/)]);
    MtlsAnalysis.attach(shop.app, { injectedNamespaces: ['shop'] });
    expect(shop.refusals).toEqual([]);
  });
});

describe('enforcement', () => {
  const dryRunOf = (shop: DeclaringShop) => shop.objects.filter(({ kind }) => kind === 'AuthorizationPolicy').map(({ metadata }) => metadata.annotations?.['istio.io/dry-run']);

  test.each<[CallEnforcement | undefined, unknown[]]>([
    [undefined, [undefined]], [CallEnforcement.POLICIES, [undefined]], [CallEnforcement.DRY_RUN, ['true']], [CallEnforcement.NONE, []],
  ])('%s: the policies, and whether they are dry runs', (calls, expected) => {
    const shop = new DeclaringShop({ calls });
    const cart = shop.server('cart');
    Calls.of(shop.deployment('web')).to(cart).to(cart, { methods: ['GET'] });
    Calls.by(Caller.namespace('reports')).to(cart);
    expect(dryRunOf(shop)).toEqual(expected);
    expect(shop.annotationOf('web')).toBe('shop/cart');
    expect(shop.refusals).toEqual([]);
  });

  test('NONE and DRY_RUN expect mutual TLS all the same', () => {
    for (const calls of [CallEnforcement.NONE, CallEnforcement.DRY_RUN]) {
      const shop = new DeclaringShop({ calls });
      Calls.of(shop.deployment('web')).to(shop.server('cart'));
      shop.object('plaintext', 'networking.istio.io/v1', 'DestinationRule', 'cart', PLAINTEXT);
      expect(shop.refusals).toEqual([expect.stringMatching(/is plaintext, .*\[API855\]$/)]);
    }
  });

  test('NONE needs nothing that only a policy needs, but checks what is passed', () => {
    const shop = new DeclaringShop({ calls: CallEnforcement.NONE });
    const cart = shop.service('cart', shop.deployment('cart'), [{ port: 80, targetPort: 8080, name: 'tcp' }]);
    Calls.of(shop.deployment('web')).to(cart, { methods: ['GET'] });
    expect(shop.refusals).toEqual([]);
    expect(() => Calls.of(shop.deployment('other')).to(cart, { methods: ['get'] })).toThrow(/\[API805\]$/);
    Calls.of(shop.deployment('self')).to(cart, { port: 81 });
    expect(shop.refusals).toEqual(expect.arrayContaining([expect.stringMatching(/\[API036\]$/)]));
  });

  test('NONE: a workload may call its own Service, which needs no selector', () => {
    const shop = new DeclaringShop({ calls: CallEnforcement.NONE });
    const cart = shop.deployment('cart');
    Calls.of(cart).to(shop.service('cart', cart));
    expect(shop.refusals).toEqual([]);
    Calls.of(cart).to(Services.of(shop.object('outside', 'v1', 'Service', 'outside', { ports: [{ port: 80 }] })));
    expect(shop.refusals).toEqual([expect.stringMatching(/to\(shop\/outside\) is .*\[API855\]$/)]);
  });

  test('environments of one app may differ', () => {
    const app = new App();
    const synth = ([['dev', CallEnforcement.DRY_RUN], ['test', CallEnforcement.NONE], ['prod', undefined]] as const).map(([name, calls]) => {
      const stage = new Construct(app, name);
      const mesh = new IstioMesh(stage, 'mesh', { calls, trustDomain: `${name}.example` });
      const chart = new Chart(stage, 'shop', { namespace: 'shop' });
      new kplus.Namespace(chart, 'namespace', { metadata: { name: 'shop', labels: mesh.injectionLabels } });
      const [web, cart] = ['web', 'cart'].map((id) => new kplus.Deployment(chart, id, { metadata: { name: id }, containers: [{ image: 'app:1', portNumber: 8080 }] }));
      Calls.of(web).to(new kplus.Service(chart, 'cart-service', { metadata: { name: 'cart' }, selector: cart, ports: [{ port: 80, targetPort: 8080, name: 'http' }] }));
      return () => Testing.synth(chart).filter(({ kind }) => kind === 'AuthorizationPolicy').map(({ metadata, spec }) => [metadata.annotations, spec.rules[0].from[0].source.principals]);
    });
    expect(synth.map((objects) => objects())).toEqual([
      [[{ 'istio.io/dry-run': 'true' }, ['dev.example/ns/shop/sa/default']]], [], [[undefined, ['prod.example/ns/shop/sa/default']]],
    ]);
  });

  test('is a word, and known before calls are declared', () => {
    expect(() => new DeclaringShop({ calls: 'DRYRUN' as any })).toThrow(/IstioMesh \(mesh\/mesh\): calls is 'DRYRUN'; expected one of POLICIES, DRY_RUN, NONE.*\[API016\]$/);
    const app = new App();
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    const web = new kplus.Deployment(chart, 'web', { containers: [{ image: 'app:1' }] });
    Calls.of(web).to(new kplus.Service(chart, 'cart', { selector: web, ports: [{ port: 80 }] }));
    expect(() => new IstioMesh(new Chart(app, 'one'), 'mesh', { calls: CallEnforcement.NONE })).toThrow(/calls is 'NONE'; expected 'POLICIES', which shop\/cart\/Resource uses.*\[API048\]$/);
    expect(() => new IstioMesh(new Chart(app, 'two'), 'mesh', { sidecars: true })).toThrow(/sidecars is true; expected false, which shop\/web\/Resource uses.*\[API048\]$/);
  });

  test('is the same for all istiods of a mesh', () => {
    const shop = new DeclaringShop({ calls: CallEnforcement.NONE, sidecars: true });
    const canary = (props: object) => () => new IstioMesh(shop.mesh, JSON.stringify(props), { owns: shop.app, revision: 'canary', ...props });
    expect(canary({ sidecars: true })).toThrow(/calls is 'POLICIES'; expected 'NONE', as of IstioMesh \(mesh\/mesh\).*\[API049\]$/);
    expect(canary({ calls: 'NONE' })).toThrow(/sidecars is false; expected true, as of .*\[API049\]$/);
    expect(canary({ calls: 'NONE', sidecars: true })).not.toThrow();
  });
});

test('a Service of another environment is refused', () => {
  const app = new App();
  const charts = ['dev', 'prod'].map((name) => {
    const stage = new Construct(app, name);
    new IstioMesh(stage, 'mesh');
    return new Chart(stage, 'shop', { namespace: 'shop' });
  });
  const [web, cart] = charts.map((chart) => new kplus.Deployment(chart, 'app', { containers: [{ image: 'app:1', portNumber: 8080 }] }));
  Calls.of(web).to(new kplus.Service(charts[1], 'cart', { metadata: { name: 'cart' }, selector: cart, ports: [{ port: 80, targetPort: 8080, name: 'http' }] }));
  expect(app.node.validate()).toEqual([expect.stringMatching(/^Calls \(dev\/shop\/app\/Resource\): to\(shop\/cart\) is Service prod\/shop\/cart\/Resource, which is in mesh 'prod'; .*\[API856\]$/)]);
});

test('a client needs a namespace, whatever it calls', () => {
  const web = new kplus.Deployment(new Chart(new App(), 'shop'), 'web', { containers: [{ image: 'app:1' }] });
  expect(() => Calls.of(web)).toThrow(/^Calls \(shop\/web\/Resource\): client is Deployment .*, which has no namespace; .*\[API004\]$/);
});
