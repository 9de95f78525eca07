import { ApiObject, App, Chart } from 'cdk8s';
import { AllowedCallers, AllowedCallersProps, Caller, FailOn, IstioMesh, MtlsAnalysis, MtlsMode, Pods, RequiredToken, RequiredTokenProps, WorkloadOverride } from '../../../src/index';

const WEB = Caller.serviceAccount('shop', 'web');
const [RATINGS, GATEWAY] = ['ratings', 'gateway'].map((app) => Pods.withLabels({ app }));
const ISSUERS = [{ issuer: 'https://login.example.com', jwksUri: 'https://login.example.com/keys' }];

interface PodParts {
  readonly labels?: object;
  readonly annotations?: object;
  readonly spec?: object;
  readonly ports?: readonly number[];
}

/** An app with a Service of two ports, HTTP and TCP, before a Deployment, and a client. */
class Shop {
  readonly app = new App();
  readonly chart = new Chart(this.app, 'shop', { namespace: 'shop' });

  constructor(namespace: object | undefined = { 'istio-injection': 'enabled' }) {
    if (namespace) new ApiObject(this.chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: namespace as any } });
  }

  deployment(name: string, { labels, annotations, spec, ports = [8080, 9000] }: PodParts = {}): Pods {
    const containers = [{ name: 'app', image: 'app:1', ports: ports.map((containerPort) => ({ containerPort })) }];
    const metadata = { labels: { app: name, ...labels }, annotations };
    return Pods.of(new ApiObject(this.chart, name, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: { selector: { matchLabels: { app: name } }, template: { metadata, spec: { containers, ...spec } } },
    }));
  }

  service(ports: object[] = [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp', port: 9000 }]): this {
    new ApiObject(this.chart, 'service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'ratings' }, spec: { selector: { app: 'ratings' }, ports } });
    return this;
  }

  callers(props: Partial<AllowedCallersProps>): this {
    new AllowedCallers(this.chart, 'callers', { workload: RATINGS, callers: [WEB], ...props });
    return this;
  }

  token(props: Partial<RequiredTokenProps>): this {
    new RequiredToken(this.chart, 'users', { workload: RATINGS, issuers: ISSUERS, ...props });
    return this;
  }

  get refusals(): string[] {
    try {
      this.app.synthYaml();
      return [];
    } catch (error) {
      return (error as Error).message.split('\n').slice(1);
    }
  }
}

function refusalsOf({ server = {}, client, namespace, callers, token, ports }: {
  server?: PodParts;
  client?: PodParts;
  namespace?: object;
  callers?: Partial<AllowedCallersProps>;
  token?: Partial<RequiredTokenProps>;
  ports?: object[];
}): string[] {
  const shop = new Shop(namespace).service(ports);
  const workload = shop.deployment('ratings', server);
  if (client) shop.callers({ workload, callers: [Caller.workload(shop.deployment('web', client))], ...callers });
  else if (callers) shop.callers({ workload, ...callers });
  if (token) shop.token(token);
  return shop.refusals;
}

const OUT = { 'sidecar.istio.io/inject': 'false' };

test('servers, callers and ports outside the app cause no refusals', () => {
  expect(new Shop().callers({ ports: [80], paths: ['/a'] }).token({}).refusals).toEqual([]);
});

describe('a caller without an identity is refused', () => {
  test.each<[string, PodParts, object | undefined]>([
    ['because its pods are on the host\'s network', { spec: { hostNetwork: true } }, undefined],
    ['because a label refuses the sidecar', { labels: OUT }, undefined],
    ['because an annotation refuses the sidecar', { annotations: OUT }, undefined],
    ['because its namespace asks for no sidecars', {}, {}],
  ])('%s', (_, client, namespace) => {
    const found = refusalsOf({ client, namespace, server: { labels: { 'sidecar.istio.io/inject': 'true' } } });
    expect(found).toEqual([expect.stringMatching(/AuthorizationPolicy \(shop\/callers\): callers\[0\] is Deployment web, whose pods have no proxy \(.*\); expected .*because .*Fix: .*\[API802\]$/)]);
  });

  test.each<[string, PodParts]>([['a label', { labels: OUT }], ['an annotation', { annotations: OUT }], ['the host\'s network', { spec: { hostNetwork: true } }]])(
    'because of %s, even if the app lacks the Namespace', (_, client) => {
      const shop = new Shop(null as any);
      const found = shop.callers({ callers: [Caller.workload(shop.deployment('web', client))] }).refusals;
      expect(found).toEqual([expect.stringMatching(/\[API802\]$/)]);
    });

  test('unless it is in ambient mode, or may get a sidecar', () => {
    expect(refusalsOf({ client: {} })).toEqual([]);
    expect(refusalsOf({ client: { labels: OUT }, namespace: { 'istio.io/dataplane-mode': 'ambient' } })).toEqual([]);
    const shop = new Shop(null as any);
    const clients = [shop.deployment('web'), shop.deployment('ambient', { labels: { ...OUT, 'istio.io/dataplane-mode': 'ambient' } })];
    expect(shop.callers({ callers: clients.map((one) => Caller.workload(one)) }).refusals).toEqual([]);
  });
});

test('callers are also checked against the facts of MtlsAnalysis', () => {
  const shop = new Shop(null as any);
  MtlsAnalysis.attach(shop.app, { facts: ['{apiVersion: v1, kind: Namespace, metadata: {name: shop}}'], failOn: [FailOn.NEVER] });
  const found = shop.callers({ callers: [Caller.workload(shop.deployment('web'))] }).refusals;
  expect(found).toEqual([expect.stringMatching(/neither the namespace nor the pod asks for a sidecar.*\[API802\]$/)]);
});

describe('refuses a server whose proxy can\'t enforce the policy', () => {
  test.each<[string, PodParts]>([['the host\'s network', { spec: { hostNetwork: true } }], ['a label', { labels: OUT }]])('because of %s', (_, server) => {
    expect(refusalsOf({ server, callers: {} })).toEqual([expect.stringMatching(/for Deployment shop\/ratings, whose pods have no proxy .*everybody could call.*\[API808\]$/)]);
    expect(refusalsOf({ server, token: {} })).toEqual([expect.stringMatching(/\[API808\]$/)]);
  });

  test('on a named port that bypasses the proxy', () => {
    const server = { annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '9000' } };
    expect(refusalsOf({ server, callers: { ports: [9000] } })).toEqual([expect.stringMatching(/port 9000 of Deployment shop\/ratings, which bypasses its proxy.*\[API808\]$/)]);
    expect(refusalsOf({ server, callers: {} })).toEqual([]);
    expect(refusalsOf({ server, token: { exceptPorts: [9000] } })).toEqual([]);
  });

  test('on a port of mode DISABLE, where no caller shows a certificate', () => {
    const shop = new Shop().service();
    const workload = shop.deployment('ratings');
    new WorkloadOverride(shop.chart, 'mode', { workload, ports: [{ port: 9000, mode: MtlsMode.DISABLE }] });
    expect(shop.callers({ workload, ports: [9000] }).refusals).toEqual([expect.stringMatching(/port 9000 of Deployment shop\/ratings, whose mode is DISABLE.*nobody could call.*\[API808\]$/)]);
  });
});

describe('HTTP conditions', () => {
  test.each<[string, Partial<AllowedCallersProps>]>([
    ['methods', { methods: ['GET'] }], ['paths', { paths: ['/a'] }], ['hosts', { hosts: ['ratings'] }], ['headers', { headers: { 'x-team': ['a'] } }],
  ])('are refused on a TCP port: %s', (field, callers) => {
    const told = expect.stringMatching(new RegExp(`: ${field} is set for port 9000 of Deployment shop/ratings, which Service ratings declares as TCP; expected a port with HTTP, because .*\\[API807\\]$`));
    expect(refusalsOf({ callers: { ...callers, ports: [9000] } })).toEqual([told]);
    expect(refusalsOf({ callers })).toEqual([told]);
    expect(refusalsOf({ callers: { ...callers, ports: [8080] } })).toEqual([]);
    expect(refusalsOf({ callers: { ports: [9000] } })).toEqual([]);
  });

  test.each(['tls', 'https', 'mongo', 'mysql', 'redis'])('are refused on a port named %s, which isn\'t HTTP to a sidecar', (name) => {
    expect(refusalsOf({ callers: { paths: ['/a'] }, ports: [{ name, port: 8080 }] })).toEqual([expect.stringMatching(/\[API807\]$/)]);
  });

  test.each(['grpc', 'http2-api', 'web', ''])('are accepted on a port named %p, which is or may be HTTP', (name) => {
    expect(refusalsOf({ callers: { paths: ['/a'] }, ports: [{ name, port: 8080 }] })).toEqual([]);
  });

  test('are judged by appProtocol rather than by the port name', () => {
    expect(refusalsOf({ callers: { paths: ['/a'] }, ports: [{ name: 'http', appProtocol: 'tcp', port: 8080 }] })).toEqual([expect.stringMatching(/\[API807\]$/)]);
  });

  test('are refused on a TCP port: a required token', () => {
    expect(refusalsOf({ token: {} })).toEqual([expect.stringMatching(/RequestAuthentication \(shop\/users\): jwtRules is set for port 9000 .*exceptPorts.*\[API807\]$/)]);
    expect(refusalsOf({ token: { exceptPorts: [9000] } })).toEqual([]);
  });

  test('are refused on a TCP port: claims', () => {
    expect(refusalsOf({ callers: { claims: { groups: ['admins'] }, ports: [9000] }, token: { exceptPorts: [9000] } })).toEqual([expect.stringMatching(/claims is set for port 9000.*\[API807\]$/)]);
  });

  test('are accepted for a gateway, whose HTTP ports come from Gateways', () => {
    const server = { annotations: { 'inject.istio.io/templates': 'gateway' } };
    expect(refusalsOf({ server, token: {}, ports: [{ name: 'https', port: 443, targetPort: 8080 }] })).toEqual([]);
    expect(refusalsOf({ token: {}, ports: [{ name: 'https', port: 443, targetPort: 8080 }] })).toEqual([expect.stringMatching(/\[API807\]$/)]);
  });

  test('are refused for a ztunnel, which doesn\'t read HTTP', () => {
    const namespace = { 'istio.io/dataplane-mode': 'ambient' };
    expect(refusalsOf({ namespace, callers: { ports: [8080], methods: ['GET'] } })).toEqual([expect.stringMatching(/whose proxy is a ztunnel.*\[API807\]$/)]);
    expect(refusalsOf({ namespace, token: {} })).toEqual([expect.stringMatching(/whose proxy is a ztunnel.*\[API807\]$/)]);
    expect(refusalsOf({ namespace, callers: { ports: [8080] } })).toEqual([]);
  });
});

describe('a Service\'s port is refused where the container\'s is meant', () => {
  test('with its target port in the error', () => {
    const told = expect.stringMatching(/ is 80, the port of Service ratings; expected the container's port, 8080, .*Fix: write 8080\. \[API809\]$/);
    expect(refusalsOf({ callers: { ports: [80] } })).toEqual([told]);
    expect(refusalsOf({ token: { exceptPorts: [80, 9000] } })).toEqual([told]);
  });

  test('but a container\'s port and an unknown port are accepted', () => {
    expect(refusalsOf({ server: { ports: [80, 8080] }, callers: { ports: [80, 1234] } })).toEqual([]);
    expect(refusalsOf({ ports: [{ name: 'http', port: 80 }], callers: { ports: [80] } })).toEqual([]);
  });
});

describe('a condition on claims', () => {
  const claims = { groups: ['admins'] };
  const authentication = (namespace: string, selector?: object) => (chart: Chart) => new ApiObject(chart, 'authentication', {
    apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication', metadata: { name: 'other', namespace }, spec: { selector, jwtRules: ISSUERS },
  });

  test('is refused without a RequestAuthentication', () => {
    expect(new Shop().callers({ claims }).refusals).toEqual([expect.stringMatching(/claims is set, and .*\[API810\]$/)]);
  });

  test.each([
    ['a RequestAuthentication in the namespace', authentication('shop')],
    ['a RequestAuthentication in the root namespace', authentication('istio-system')],
    ['a RequestAuthentication for the workload', authentication('shop', { matchLabels: { app: 'ratings' } })],
    ['a RequiredToken', (chart: Chart) => new RequiredToken(chart, 'users', { workload: RATINGS, issuers: ISSUERS })],
  ])('is accepted with %s', (_, add) => {
    const shop = new Shop().callers({ claims });
    add(shop.chart);
    expect(shop.refusals).toEqual([]);
  });

  test.each([
    ['in another namespace', authentication('bank')], ['for another workload', authentication('shop', { matchLabels: { app: 'web' } })],
  ])('is refused with a RequestAuthentication %s', (_, add) => {
    const shop = new Shop().callers({ claims });
    add(shop.chart);
    expect(shop.refusals).toEqual([expect.stringMatching(/\[API810\]$/)]);
  });
});

test('ignores pods with the same labels in another namespace', () => {
  const shop = new Shop().service().callers({ ports: [8080] });
  new ApiObject(new Chart(shop.app, 'bank', { namespace: 'bank' }), 'ratings', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'ratings', labels: { app: 'ratings' } }, spec: { hostNetwork: true } });
  expect(shop.refusals).toEqual([]);
});

test('refuses labels in the root namespace, where they select pods of the whole mesh', () => {
  const app = new App();
  new IstioMesh(new Chart(app, 'mesh'), 'mesh', { namespace: 'istio-mesh', rootNamespace: 'policies' });
  const chart = new Chart(app, 'root', { namespace: 'policies' });
  new AllowedCallers(chart, 'callers', { workload: GATEWAY, callers: [WEB] });
  new RequiredToken(chart, 'users', { workload: GATEWAY, issuers: ISSUERS });
  expect(() => app.synthYaml()).toThrow(/\(root\/callers\): metadata\.namespace is the root namespace 'policies'.*\[API806\]\n.*\(root\/users\): .*\[API806\]$/);
});

test('reports all refusals in one error, without duplicates', () => {
  const found = refusalsOf({ client: { labels: OUT }, callers: { ports: [80, 9000], paths: ['/a'] } });
  expect(found.map((line) => /\[(\w+)\]$/.exec(line)![1])).toEqual(['API802', 'API809', 'API807']);
});
