// What the constructs for callers and end users emit for a server, a set of policies each.
import { ApiObject, ApiObjectProps, App, Chart } from 'cdk8s';
import type { AllowedCallers } from '../../src/constructs/authorization/allowed-callers';
import type { Caller } from '../../src/constructs/authorization/caller';
import type { CallOptions, Calls } from '../../src/constructs/authorization/calls';
import type { DefaultDeny } from '../../src/constructs/authorization/default-deny';
import type { RequiredToken } from '../../src/constructs/authorization/required-token';
import type { Services } from '../../src/constructs/networking/services';
import type { Pods } from '../../src/constructs/pods';
import type { Manifest } from '../manifest';

/** The constructs, of the library's sources or of what is compiled of them. */
export interface PolicyConstructs {
  readonly AllowedCallers: typeof AllowedCallers;
  readonly Caller: typeof Caller;
  readonly Calls: typeof Calls;
  readonly DefaultDeny: typeof DefaultDeny;
  readonly Pods: typeof Pods;
  readonly RequiredToken: typeof RequiredToken;
  readonly Services: typeof Services;
}

export interface PolicySet {
  readonly name: string;
  /** AuthorizationPolicies and RequestAuthentications, as they are emitted. */
  readonly policies: readonly Manifest[];
  /** The Service that HTTP requests are sent to, if it isn't the server's own. */
  readonly service?: Manifest;
}

const KEYS = JSON.stringify({
  keys: [{ kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' }],
});

/** All select the pods of `shop/server`, which serves HTTP on port 8080 and TCP on port 9000. */
export function policySets(constructs: PolicyConstructs): PolicySet[] {
  const {
    AllowedCallers: Allowed, Caller: caller, Calls: Declared, DefaultDeny: Deny, Pods: PodsOf, RequiredToken: Token, Services: ServicesOf,
  } = constructs;
  const workload = PodsOf.withLabels({ app: 'server' });
  const issuers = [{ issuer: 'https://login.example.com', jwks: KEYS }];
  const [client, other] = ['client', 'other'].map((name) => caller.serviceAccount('shop', name));
  const iUnderstandThatCallersWithoutAPolicyAreLockedOut = true;
  const set = (name: string, add: (chart: Chart) => void): PolicySet => {
    const chart = new Chart(new App(), 'policies', { namespace: 'shop' });
    add(chart);
    return { name, policies: chart.toJson().filter(({ apiVersion }: Manifest) => apiVersion.startsWith('security.istio.io/')) };
  };
  const declared = (said: string, ...made: readonly (readonly [client: string, options?: CallOptions])[]): PolicySet => set(said, (chart) => {
    const service = ServicesOf.of(ofShop(chart));
    for (const [name, options] of made) Declared.of(PodsOf.of(deployment(chart, name))).to(service, options);
  });
  return [
    set('no policy', () => {}),
    set('a service account', (chart) => new Allowed(chart, 'callers', { workload, callers: [client] })),
    set('a namespace', (chart) => new Allowed(chart, 'callers', { workload, callers: [caller.namespace('shop')] })),
    set('another namespace', (chart) => new Allowed(chart, 'callers', { workload, callers: [caller.namespace('legacy')] })),
    set('a service account and a namespace', (chart) => new Allowed(chart, 'callers', { workload, callers: [client, caller.namespace('legacy')] })),
    set('any identity', (chart) => new Allowed(chart, 'callers', { workload, callers: [caller.anyIdentity()] })),
    set('a port', (chart) => new Allowed(chart, 'callers', { workload, callers: [client], ports: [9000] })),
    set('a method and a path', (chart) => new Allowed(chart, 'callers', { workload, callers: [client], ports: [8080], methods: ['GET'], paths: ['/'] })),
    set('another method', (chart) => new Allowed(chart, 'callers', { workload, callers: [client], ports: [8080], methods: ['POST'] })),
    set('a host', (chart) => new Allowed(chart, 'callers', { workload, callers: [client], ports: [8080], hosts: ['server.shop.svc.cluster.local'] })),
    set('a header', (chart) => new Allowed(chart, 'callers', { workload, callers: [client], ports: [8080], headers: { 'x-team': ['*'] } })),
    set('two callers for two ports', (chart) => {
      new Allowed(chart, 'tcp', { workload, callers: [client], ports: [9000] });
      new Allowed(chart, 'http', { workload, callers: [other], ports: [8080] });
    }),
    set('a dry run', (chart) => new Allowed(chart, 'callers', { workload, callers: [other], dryRun: true })),
    set('a default deny as a dry run', (chart) => new Deny(chart, 'deny')),
    set('a default deny', (chart) => new Deny(chart, 'deny', { iUnderstandThatCallersWithoutAPolicyAreLockedOut })),
    set('a default deny and a service account', (chart) => {
      new Deny(chart, 'deny', { iUnderstandThatCallersWithoutAPolicyAreLockedOut });
      new Allowed(chart, 'callers', { workload, callers: [client] });
    }),
    set('a token', (chart) => new Token(chart, 'users', { workload, issuers })),
    set('a token, but on a port', (chart) => new Token(chart, 'users', { workload, issuers, exceptPorts: [9000] })),
    set('a token, but for a path', (chart) => new Token(chart, 'users', { workload, issuers, exceptPorts: [9000], exceptPaths: ['/'] })),
    set('a token, but for other paths', (chart) => new Token(chart, 'users', { workload, issuers, exceptPaths: ['/healthz'], exceptPreflight: true })),
    set('claims', (chart) => {
      new Token(chart, 'users', { workload, issuers, exceptPorts: [9000], exceptPaths: ['/'] });
      new Allowed(chart, 'callers', { workload, callers: [client], ports: [8080], claims: { groups: ['admins'] } });
    }),
    declared('a declared call', ['client']),
    declared('a declared call to a port', ['client', { port: 9000 }]),
    declared('declared calls with methods and paths', ['client', { port: 80, methods: ['POST'] }], ['other', { port: 80, methods: ['GET'], paths: ['/'] }]),
    declared('a declared call without identity', ['client', { port: 80 }], ['other', { port: 9000, withoutIdentity: true }]),
    {
      ...set('a declared call to a headless Service, whose targetPort has no effect', (chart) => {
        ofShop(chart);
        Declared.of(PodsOf.of(deployment(chart, 'client'))).to(ServicesOf.of(object(chart, 'direct', ...HEADLESS)));
      }), service: headless(),
    },
  ];
}

const HEADLESS = ['v1', 'Service', 'direct', {}, { clusterIP: 'None', selector: { app: 'server' }, ports: [{ name: 'http', port: 8080, targetPort: 9000 }] }] as const;

/** The headless Service as it is emitted. */
function headless(): Manifest {
  return object(new Chart(new App(), 'headless', { namespace: 'shop' }), 'direct', ...HEADLESS).toJson();
}

/** The Service in front of the server, in a namespace with sidecars. */
function ofShop(chart: Chart): ApiObject {
  object(chart, 'namespace', 'v1', 'Namespace', 'shop', { labels: { 'istio-injection': 'enabled' } });
  deployment(chart, 'server');
  return object(chart, 'service', 'v1', 'Service', 'server', {}, {
    selector: { app: 'server' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp', port: 9000 }],
  });
}

function deployment(chart: Chart, name: string): ApiObject {
  const labels = { app: name };
  const containers = [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }, { containerPort: 9000 }] }];
  return object(chart, name, 'apps/v1', 'Deployment', name, {}, {
    selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { serviceAccountName: name, containers } },
  });
}

function object(chart: Chart, id: string, apiVersion: string, kind: string, name: string, metadata: object, spec?: object): ApiObject {
  return new ApiObject(chart, id, { apiVersion, kind, metadata: { ...metadata, name }, ...spec && { spec } } as ApiObjectProps);
}
