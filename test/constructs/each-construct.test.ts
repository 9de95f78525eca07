// What CONTRIBUTING.md asks of each construct: a snapshot, assertions on what matters for security, an example that is a whole program,
// and that a real API server and istiod take what it emits. The conformance suite's part `live` applies all that the snapshots hold.
import * as cdk8s from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { snapshotSets } from '../../conformance/live/emitted';
import * as library from '../../src';
import { certificate } from '../support/certificates/x509';
import { only } from '../support/constructs/charts';
import { docstringExamples } from '../support/documents/docstring-examples';

interface Audit {
  /** File and name of a snapshot with all properties of the construct. */
  readonly snapshot: string;
  /** Security-relevant fields that its objects, by kind and name, must have. */
  readonly secure: readonly SecureFields[];
}

interface SecureFields {
  readonly kind: string;
  /** Fields that it must not have, since they would change its meaning. */
  readonly without?: readonly string[];
  readonly metadata?: { readonly name?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** An empty selector, or none, would mean all pods. */
const PODS = { matchLabels: { 'cdk8s.io/metadata.addr': expect.stringMatching(/./) } };
const strict = { kind: 'PeerAuthentication', metadata: { namespace: 'istio-system' }, spec: { mtls: { mode: 'STRICT' } } };
const mutual = { kind: 'DestinationRule', metadata: { name: 'default' }, spec: { host: '*.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } } };
/** A scrape or an alert that passes over pods would see no plaintext there. */
const sidecars = { kind: 'PodMonitor', spec: { namespaceSelector: { any: true }, selector: { matchExpressions: [{ key: 'istio-prometheus-ignore' }] } } };
const istiod = { kind: 'ServiceMonitor', spec: { namespaceSelector: { matchNames: ['istio-system'] }, selector: { matchLabels: { app: 'istiod' } } } };
const alerts = {
  kind: 'PrometheusRule',
  spec: {
    groups: [{
      rules: [
        'IstioPlaintextRequests', 'IstioPlaintextConnections', 'IstioWorkloadCertificateExpiry', 'IstioCaCertificateExpiry', 'IstioRootCertificateExpiry',
      ].map((alert) => ({ alert })),
    }],
  },
};

const AUDIT: Record<string, Audit> = {
  Acknowledgement: {
    snapshot: 'analysis/acknowledgement: snapshot',
    // It only adds annotations, and expires.
    secure: [{ ...strict, metadata: { annotations: { 'acknowledge.istio-mtls/MTLS208.expires': '2027-03-31' } } }],
  },
  AllowedCallers: {
    snapshot: 'authorization/allowed-callers: snapshot',
    secure: [{
      kind: 'AuthorizationPolicy',
      without: ['metadata.annotations'], // no dry run
      spec: {
        action: 'ALLOW',
        selector: PODS,
        rules: [{
          from: [{ source: { principals: [expect.stringMatching(/^cluster\.local\/ns\/shop\/sa\/[^*]+$/)] } }, { source: { namespaces: ['reports'] } }],
          to: [{ operation: { ports: ['9080'], methods: ['GET'], paths: ['/ratings/*'], hosts: ['ratings', 'ratings:*'] } }],
        }],
      },
    }],
  },
  CaRotation: {
    snapshot: 'certificates/ca-rotation: stage trust-both of an ExternalSecret',
    secure: [{
      kind: 'ExternalSecret',
      metadata: { name: 'cacerts', namespace: 'istio-system' },
      // Both roots, and no key in the manifest.
      spec: { target: { deletionPolicy: 'Retain', template: { data: { 'root-cert.pem': '<old root><new root>', 'ca-key.pem': '{{ index . "ca-key.pem" }}' } } } },
    }],
  },
  CustomCa: {
    snapshot: 'certificates/cert-manager-ca: a CA of cert-manager snapshot',
    secure: [{
      kind: 'Certificate',
      metadata: { name: 'cacerts', namespace: 'istio-system' },
      spec: { isCA: true, secretName: 'cacerts', privateKey: { rotationPolicy: 'Never', algorithm: 'ECDSA', size: 384 } },
    }],
  },
  DefaultDeny: {
    snapshot: 'authorization/default-deny: snapshot',
    secure: [{
      kind: 'AuthorizationPolicy',
      metadata: { namespace: 'shop', annotations: { 'istio.io/dry-run': 'true' } },
      without: ['spec.action', 'spec.rules', 'spec.selector'],
    }],
  },
  Destination: {
    snapshot: 'networking/destination: snapshot',
    secure: [{
      kind: 'DestinationRule',
      spec: {
        workloadSelector: PODS,
        exportTo: ['.'],
        trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' }, portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'MUTUAL', credentialName: 'reviews' } }] },
        // A port's settings replace all of the host's, so they repeat its TLS.
        subsets: [{ name: 'v1' }, { name: 'v2', trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'ISTIO_MUTUAL' } }] } }],
      },
    }],
  },
  ExternalService: {
    snapshot: 'networking/external-service: snapshot',
    secure: [
      { kind: 'ServiceEntry', spec: { location: 'MESH_EXTERNAL', exportTo: ['.'] } },
      ...['api', 'files'].flatMap((name) => ['tls', 'others'].map((rule) => ({
        kind: 'DestinationRule',
        metadata: { name: expect.stringContaining(`-${rule}-${name}.bank.example-`) },
        spec: {
          trafficPolicy: {
            portLevelSettings: [
              { tls: { mode: rule === 'tls' ? 'MUTUAL' : 'SIMPLE', sni: `${name}.bank.example`, subjectAltNames: [`${name}.bank.example`] } }, { tls: { mode: 'DISABLE' } },
            ],
          },
        },
      }))),
      { kind: 'Role', rules: [{ resources: ['secrets'], verbs: ['list'] }] },
      { kind: 'RoleBinding', subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'shop' }] },
    ],
  },
  HttpRoute: {
    snapshot: 'networking/http-route: snapshot',
    // Faults and mirrors belong to the rule that sets them.
    secure: [{
      kind: 'VirtualService',
      without: ['spec.http[0].fault', 'spec.http[0].mirrors', 'spec.http[2].match'],
      spec: {
        http: [
          { match: [expect.anything()] },
          { match: [{ uri: { exact: '/grpc.Ratings/Get' } }], fault: { abort: { grpcStatus: 'UNAVAILABLE' } }, mirrors: [{ destination: { subset: 'v2' } }] },
          { fault: { abort: { httpStatus: 503 }, delay: { fixedDelay: '2s' } }, mirrors: [{ destination: { subset: 'v2' }, percentage: { value: 5 } }] },
        ],
      },
    }],
  },
  IstioCsr: {
    snapshot: 'certificates/istio-csr: istio-csr snapshot',
    secure: [{
      kind: 'Certificate',
      metadata: { name: 'istiod-tls', namespace: 'mesh' },
      without: ['spec.isCA'],
      spec: { secretName: 'istiod-tls', uris: ['spiffe://corp.example/ns/mesh/sa/istiod-service-account'], privateKey: { rotationPolicy: 'Always' } },
    }],
  },
  IstioMesh: {
    snapshot: 'installation/istio-mesh: constructs that use it snapshot',
    secure: [
      { kind: 'PeerAuthentication', metadata: { namespace: 'policies' }, spec: { mtls: { mode: 'STRICT' } } },
      { kind: 'DestinationRule', spec: { host: '*.svc.k8s.example', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } } },
      { kind: 'ConfigMap', metadata: { name: 'istio-1-31', namespace: 'mesh' }, data: { mesh: expect.stringContaining('trustDomain: corp.example\n') } },
      { kind: 'ExternalSecret', metadata: { name: 'cacerts', namespace: 'mesh' } },
    ],
  },
  MachineService: {
    snapshot: 'networking/machine-service: machines without a proxy snapshot',
    secure: [
      { kind: 'ServiceEntry', spec: { location: 'MESH_EXTERNAL', exportTo: ['.', 'bank'], workloadSelector: { labels: { app: 'billing' } } } },
      ...['10.20.0.7', '2001-db8--0'].map((address) => (
        { kind: 'WorkloadEntry', metadata: { name: `billing-${address}` }, without: ['spec.serviceAccount'], spec: { labels: { app: 'billing' } } })),
      { kind: 'DestinationRule', spec: { host: 'billing.example', exportTo: ['.', 'bank'], trafficPolicy: { tls: { mode: 'SIMPLE', sni: 'billing.example', subjectAltNames: ['billing.example'] } } } },
    ],
  },
  MeshConfig: {
    snapshot: 'installation/mesh-config: the text snapshot',
    secure: [
      'caCertificates:\n  - spiffeBundleUrl: https://other.example/bundle\n    trustDomains:\n      - other.example\n',
      'meshMTLS:\n  minProtocolVersion: TLSV1_3\n', 'outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n', 'trustDomain: example.com\n',
    ].map((text) => ({ kind: 'ConfigMap', data: { mesh: expect.stringContaining(text) } })),
  },
  MeshMonitoring: { snapshot: 'monitoring/mesh-monitoring: snapshot', secure: [istiod, sidecars, alerts] },
  MeshMtls: {
    snapshot: 'security/mesh-mtls: MeshMtls snapshot',
    secure: [{ ...strict, without: ['spec.selector'], spec: { mtls: { mode: 'PERMISSIVE' } } }, mutual],
  },
  MtlsAlerts: { snapshot: 'monitoring/mtls-alerts: snapshot', secure: [alerts] },
  NamespaceOverride: {
    snapshot: 'security/namespace-override: snapshot',
    secure: [{ kind: 'PeerAuthentication', metadata: { namespace: 'shop' }, without: ['spec.selector'], spec: { mtls: { mode: 'DISABLE' } } }],
  },
  RequiredToken: {
    snapshot: 'authorization/required-token: snapshot',
    secure: [
      { kind: 'RequestAuthentication', spec: { selector: PODS, jwtRules: [{ issuer: 'https://login.example.com', audiences: ['shop'] }] } },
      {
        kind: 'AuthorizationPolicy',
        without: ['metadata.annotations'],
        spec: {
          action: 'DENY',
          selector: PODS,
          rules: [{
            from: [{ source: { notRequestPrincipals: ['https://login.example.com/*'] } }],
            to: [{ operation: { notMethods: ['OPTIONS'], notPaths: ['/healthz'], notPorts: ['9090'] } }],
          }],
        },
      },
    ],
  },
  SidecarScope: {
    snapshot: 'networking/sidecar-scope: snapshot',
    secure: [{
      kind: 'Sidecar',
      spec: {
        workloadSelector: { labels: PODS.matchLabels },
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
        egress: [{ hosts: ['shop/reviews.shop.svc.cluster.local', 'istio-system/*'] }],
      },
    }],
  },
  StrictMeshMtls: {
    snapshot: 'security/mesh-mtls: StrictMeshMtls snapshot',
    secure: [
      { ...strict, without: ['spec.selector'] },
      mutual,
      { kind: 'DestinationRule', metadata: { name: 'except-kubernetes.default.svc.cluster.local' }, spec: { trafficPolicy: { tls: { mode: 'DISABLE' } } } },
    ],
  },
  WorkloadOverride: {
    snapshot: 'security/workload-override: snapshot',
    secure: [{
      kind: 'PeerAuthentication',
      metadata: { namespace: 'shop' },
      spec: { selector: PODS, mtls: { mode: 'STRICT' }, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } } },
    }],
  },
};

const ROOTS = ['old', 'new'].map((commonName) => certificate({ commonName, ca: true, keyUsage: [5, 6] }).pem);

/** The objects that the suite applies, by file and name of the snapshot. */
const applied = new Map(snapshotSets().map(({ from, objects }) => {
  const [, file, name] = /^test\/constructs\/(.*)\/__snapshots__\/.*?: (.*) \d+$/.exec(from)!;
  return [`${file}/${/__snapshots__\/(.*)\.test\.ts\.snap/.exec(from)![1]}: ${name}`, objects];
}));

const examples = new Map(docstringExamples().map((example) => [example.of, example]));

test('every exported construct is here', () => {
  const constructs = Object.entries(library).filter(([, it]) => typeof it === 'function' && it.prototype instanceof Construct).map(([name]) => name);
  expect(Object.keys(AUDIT)).toEqual(constructs.sort());
});

describe.each(Object.entries(AUDIT))('%s', (name, { snapshot, secure }) => {
  test('has a snapshot with objects, which the conformance suite applies', () => {
    expect(applied.get(snapshot) ?? []).not.toEqual([]);
  });

  test('emits its security-relevant fields', () => {
    const objects = applied.get(snapshot)!;
    expect(secure).not.toEqual([]);
    for (const { without = [], ...fields } of secure) {
      const object = objectLike(objects as any[], fields);
      expect(object).toMatchObject(fields);
      for (const field of without) expect(object).not.toHaveProperty(field);
    }
  });

  test('has an example that is a whole program, which synthesizes', () => {
    const { code = '' } = examples.get(name) ?? {};
    expect(code).toMatch(new RegExp(`import {[^}]*\\b${name}\\b[^}]*} from 'cdk8s-istio-mtls';`));
    const [app, ...others] = appsOf(code);
    expect(others).toEqual([]);
    const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true); // by an analysis that the example attaches
    const yaml = app.synthYaml();
    told.mockRestore();
    expect(yaml).toContain('kind: ');
  });
});

function objectLike(objects: any[], { kind, metadata: { name } = {} }: SecureFields): any {
  if (name === undefined || typeof name === 'string') return only(objects, kind, name);
  return objects.find((object) => object.kind === kind && (name as jest.AsymmetricMatcher).asymmetricMatch(object.metadata.name));
}

/** The apps that a program creates, and those of its exported functions, whose arguments are roots. */
function appsOf(code: string): cdk8s.App[] {
  const apps: cdk8s.App[] = [];
  class App extends cdk8s.App {
    constructor(...args: ConstructorParameters<typeof cdk8s.App>) {
      super(...args);
      apps.push(this);
    }
  }
  const modules: Record<string, unknown> = { 'cdk8s': { ...cdk8s, App }, 'cdk8s-plus-28': kplus, 'cdk8s-istio-mtls': library };
  const exported: Record<string, (...roots: string[]) => unknown> = {};
  const { outputText } = transpileModule(code, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  new Function('require', 'exports', outputText)((module: string) => modules[module], exported);
  for (const make of Object.values(exported)) make(...ROOTS);
  return apps;
}
