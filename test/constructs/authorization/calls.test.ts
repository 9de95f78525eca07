import { ApiObject, ApiObjectProps, App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { CallOptions, Caller, Calls, ExternalProtocol, ExternalService, IstioMesh, MtlsAnalysis, MtlsMode, Services, WorkloadOverride } from '../../../src/index';
import { only } from '../../support/constructs/charts';

/** A shop whose workloads have sidecars. */
class Shop {
  readonly app = new App();
  readonly mesh = new IstioMesh(new Chart(this.app, 'mesh'), 'mesh');
  readonly chart = new Chart(this.app, 'shop', { namespace: 'shop' });

  constructor(labels: { [key: string]: string } | undefined = this.mesh.injectionLabels) {
    if (labels) new kplus.Namespace(this.chart, 'namespace', { metadata: { name: 'shop', labels } });
  }

  deployment(name: string, inject?: string): kplus.Deployment {
    const serviceAccount = new kplus.ServiceAccount(this.chart, `${name}-account`, { metadata: { name } });
    const made = new kplus.Deployment(this.chart, name, {
      serviceAccount, metadata: { name }, containers: [{ image: 'app:1', ports: [{ number: 8080, name: 'web' }, { number: 9090, name: 'metrics' }] }],
    });
    if (inject) made.podMetadata.addLabel('sidecar.istio.io/inject', inject);
    return made;
  }

  service(name: string, workload: kplus.Deployment, ports: kplus.ServicePort[] = [{ port: 80, targetPort: 8080, name: 'http' }]): kplus.Service {
    return new kplus.Service(this.chart, `${name}-service`, { metadata: { name }, selector: workload, ports });
  }

  rawService(workload: kplus.Deployment, targetPort: string): ApiObject {
    const selector = workload.toPodSelectorConfig().labelSelector._toKube().matchLabels;
    return new ApiObject(this.chart, 'service', {
      apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart' }, spec: { selector, ports: [{ port: 80, targetPort, name: 'http' }] },
    } as ApiObjectProps);
  }

  get objects(): any[] {
    return Testing.synth(this.chart);
  }

  get policy(): any {
    return only(this.objects, 'AuthorizationPolicy').spec;
  }

  annotationOf(name: string): string | undefined {
    return only(this.objects, 'Deployment', name).metadata.annotations?.['calls.istio-mtls/to'];
  }

  get refusals(): string[] {
    return this.app.node.root.node.validate();
  }
}

const WEB = 'cluster.local/ns/shop/sa/web';

test('a declared call is allowed by the Service\'s policy, and written on the client', () => {
  const shop = new Shop();
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
  const shop = new Shop();
  Calls.of(shop.deployment('web'));
  expect(shop.annotationOf('web')).toBe('');
});

test('callers that may do the same share a rule, others have their own', () => {
  const shop = new Shop();
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
    const shop = new Shop();
    Calls.of(shop.deployment('web')).to(shop.service('cart', shop.deployment('cart'), ports), options);
    expect(shop.policy.rules[0].to).toEqual([{ operation: { ports: expected } }]);
    expect(shop.annotationOf('web')).toBe(options ? 'shop/cart:90' : 'shop/cart');
  });

  test('by the name of a container\'s port', () => {
    const shop = new Shop();
    shop.deployment('other');
    const cart = shop.deployment('cart');
    Calls.of(shop.deployment('web')).to(Services.of(shop.rawService(cart, 'web')));
    expect(shop.policy.rules[0].to).toEqual([{ operation: { ports: ['8080'] } }]);
  });
});

test('withoutIdentity opens one port to everybody', () => {
  const shop = new Shop();
  const cart = shop.deployment('cart');
  const service = shop.service('cart', cart, [{ port: 80, targetPort: 8080, name: 'http' }, { port: 9090, name: 'http-metrics' }]);
  new WorkloadOverride(shop.chart, 'scrape', { workload: cart, ports: [{ port: 9090, mode: MtlsMode.PERMISSIVE }] });
  Calls.of(shop.deployment('web')).to(service, { port: 80 });
  Calls.of(shop.deployment('prometheus', 'false')).to(service, { port: 9090, withoutIdentity: true });
  expect(shop.policy.rules).toEqual([
    { from: [{ source: { principals: [WEB] } }], to: [{ operation: { ports: ['8080'] } }] },
    { to: [{ operation: { ports: ['9090'] } }] },
  ]);
  expect(shop.refusals).toEqual([]);
});

test('callers outside the app have policies only', () => {
  const shop = new Shop();
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
  const shop = new Shop();
  const bank = new ExternalService(shop.chart, 'bank', { hosts: ['bank.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }] });
  Calls.of(shop.deployment('web')).to(bank, { port: 443 });
  expect(shop.annotationOf('web')).toBe('bank.example:443');
  expect(shop.objects.filter(({ kind }) => kind === 'AuthorizationPolicy')).toEqual([]);
  expect(shop.refusals).toEqual([]);
});

test('a workload may call its own Service', () => {
  const shop = new Shop();
  const cart = shop.deployment('cart');
  Calls.of(cart).to(shop.service('cart', cart));
  expect(shop.refusals).toEqual([]);
});

describe('refuses at once', () => {
  const shop = new Shop();
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
  test('a Service without a selector', () => {
    const shop = new Shop();
    const service = new kplus.Service(shop.chart, 'cart', { metadata: { name: 'cart' }, ports: [{ port: 80 }] });
    Calls.of(shop.deployment('web')).to(service);
    expect(() => shop.objects).toThrow(/Calls \(shop\/web\/Resource\): to\(shop\/cart\) is Service cart, which has no selector; .*\[API850\]$/);
  });

  test('a named port that no container has', () => {
    const shop = new Shop();
    Calls.of(shop.deployment('web')).to(Services.of(shop.rawService(shop.deployment('cart'), 'http')));
    expect(() => shop.objects).toThrow(/targetPort 'http' no container of the app has behind it; .*\[API851\]$/);
  });

  test('a port that the Service lacks', () => {
    const shop = new Shop();
    Calls.of(shop.deployment('web')).to(shop.service('cart', shop.deployment('cart')), { port: 81 });
    expect(shop.refusals).toEqual(expect.arrayContaining([expect.stringMatching(/to\(shop\/cart\) port.*\[API036\]$/)]));
  });

  test('a client without a sidecar, as it has no certificate', () => {
    const shop = new Shop();
    Calls.of(shop.deployment('web', 'false')).to(shop.service('cart', shop.deployment('cart')));
    expect(shop.refusals).toEqual([
      expect.stringMatching(/^Calls \(shop\/web\/Resource\): to\(shop\/cart\) is Deployment web, whose pods have no proxy .*\[API802\]$/),
      expect.stringMatching(/^Calls \(shop\/web\/Resource\): to\(shop\/cart\) is 1 of 1 connection is plaintext, such as shop\/web → shop\/cart:80, .*; expected mutual TLS, .* or pass 'withoutIdentity' .*\[API855\]$/),
    ]);
  });

  test('methods on a port without HTTP', () => {
    const shop = new Shop();
    Calls.of(shop.deployment('web')).to(shop.service('cart', shop.deployment('cart'), [{ port: 80, targetPort: 8080, name: 'tcp' }]), { methods: ['GET'] });
    expect(shop.refusals).toEqual([expect.stringMatching(/to\(shop\/cart\) methods is set for port 8080 of Deployment shop\/cart.*\[API807\]$/)]);
  });

  test('a call that is broken, with the object that decides', () => {
    const shop = new Shop();
    Calls.of(shop.deployment('web')).to(shop.service('cart', shop.deployment('cart')));
    new ApiObject(shop.chart, 'plaintext', {
      apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'cart' }, spec: { host: 'cart', trafficPolicy: { tls: { mode: 'DISABLE' } } },
    } as ApiObjectProps);
    shop.mesh.strict();
    expect(shop.refusals).toEqual([expect.stringMatching(/1 of 1 connection is broken, such as .*because DestinationRule shop\/cart \(shop\/plaintext\) spec\.trafficPolicy\.tls\.mode.*\[API855\]$/)]);
  });

  test('a call that isn\'t decided, with the fact that decides it', () => {
    const shop = new Shop(null as any);
    Calls.of(shop.deployment('web')).to(shop.service('cart', shop.deployment('cart')));
    expect(shop.refusals).toEqual([expect.stringMatching(/is plaintext if shop has none.*Fix: list namespaces in injectedNamespaces.*\[API855\]$/)]);
    MtlsAnalysis.attach(shop.app, { injectedNamespaces: ['shop'] });
    expect(shop.refusals).toEqual([]);
  });
});
