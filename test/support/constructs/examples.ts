import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as library from '../../../src';
import { certificate } from '../certificates/x509';

const {
  CaRotationStage, CaSource, CertManagerIssuer, ClientCredential, ClientTls, ExternalProtocol, ExternalSecretStore, IstioCsrIssuer,
  MtlsMode, MtlsRule, Pods, RotatingCa,
} = library;

const [oldRoot, newRoot] = ['old', 'new'].map((commonName) => certificate({ commonName, ca: true, keyUsage: [5, 6] }).pem);

/** One of each construct, by its name. */
export const EXAMPLES: Record<string, (chart: Chart) => Construct> = {
  Acknowledgement: (chart) => new library.Acknowledgement(new library.StrictMeshMtls(chart, 'strict'), 'it', { code: MtlsRule.MTLS208, reason: 'in March' }),
  AllowedCallers: (chart) => new library.AllowedCallers(chart, 'it', { workload: library.Pods.withLabels({ b: '2', a: '1' }), callers: [library.Caller.namespace('b'), library.Caller.serviceAccount('a', 'web')], paths: ['/b', '/a'] }),
  CaRotation: (chart) => new library.CaRotation(chart, 'it', { from: inVault('old', oldRoot), to: inVault('new', newRoot), stage: CaRotationStage.TRUST_NEW }),
  CustomCa: (chart) => new library.CustomCa(chart, 'it', { source: CaSource.certManager({ issuer: CertManagerIssuer.issuer('company') }) }),
  DefaultDeny: (chart) => new library.DefaultDeny(chart, 'it', { wholeMesh: true }),
  Destination: (chart) => destination(chart),
  ExternalService: (chart) => externalService(chart),
  HttpRoute: (chart) => destination(chart).routeTo('v1'),
  IstioCsr: (chart) => new library.IstioCsr(chart, 'it', { issuer: IstioCsrIssuer.ownCa(), revisions: ['default', '1-31'] }),
  IstioMesh: (chart) => new library.IstioMesh(chart, 'it', { namespace: 'mesh', trustDomain: 'corp.example' }).strict(),
  MachineService: (chart) => new library.MachineService(chart, 'it', {
    host: 'billing.example',
    addresses: ['10.20.0.8', '10.20.0.7'],
    ports: [{ name: 'tcp-ledger', port: 5000 }, { name: 'http', port: 80, targetPort: 8080 }],
    proxy: library.MachineProxy.sidecar('billing'),
    labels: { b: '2', a: '1' },
  }),
  MeshConfig: (chart) => new library.MeshConfig(chart, 'it', { trustDomainAliases: ['mesh'], accessLogFile: '/dev/stdout' }),
  MeshMonitoring: (chart) => new library.MeshMonitoring(chart, 'it', { labels: { b: '2', a: '1' }, sidecars: { podNamespaces: ['b', 'a'] } }),
  MeshMtls: (chart) => new library.MeshMtls(chart, 'it', { mode: MtlsMode.PERMISSIVE }),
  MtlsAlerts: (chart) => new library.MtlsAlerts(chart, 'it', { plaintext: { exceptNamespaces: ['b', 'a'] } }),
  NamespaceOverride: (chart) => new library.NamespaceOverride(chart, 'it', { mode: MtlsMode.STRICT }),
  RequiredToken: (chart) => new library.RequiredToken(chart, 'it', { workload: library.Pods.withLabels({ b: '2', a: '1' }), issuers: [{ issuer: 'https://a.example', jwksUri: 'https://a.example/keys' }], exceptPorts: [9090] }),
  SidecarScope: (chart) => new library.SidecarScope(chart, 'it', { workload: Pods.withLabels({ b: '2', a: '1' }), calls: [externalService(chart, 'bank')], hosts: ['shop/b.shop.svc.cluster.local'] }),
  StrictMeshMtls: (chart) => new library.StrictMeshMtls(chart, 'it', { clientTls: { exceptHosts: ['b.c.svc.cluster.local', 'a.c.svc.cluster.local'] } }),
  WorkloadOverride: (chart) => new library.WorkloadOverride(chart, 'it', { workload: Pods.withLabels({ b: '2', a: '1' }), mode: MtlsMode.STRICT }),
};

function inVault(key: string, root: string): library.RotatingCa {
  return RotatingCa.ofSource(CaSource.externalSecret({ store: ExternalSecretStore.clusterSecretStore('vault'), key }), root);
}

function destination(chart: Chart): library.Destination {
  return new library.Destination(chart, 'it', { host: 'a.shop.svc.cluster.local', tls: ClientTls.istioMutual(), subsets: [{ name: 'v1', labels: { v: '1' } }] });
}

function externalService(chart: Chart, id = 'it'): library.ExternalService {
  const tls = ClientTls.mutualByCredential(ClientCredential.secret('bank'));
  return new library.ExternalService(chart, id, {
    hosts: ['b.bank.example', 'a.bank.example'],
    ports: [{ port: 443, protocol: ExternalProtocol.TLS }, { port: 80, protocol: ExternalProtocol.HTTP, tls }],
    client: Pods.withLabels({ b: '2', a: '1' }),
    clientServiceAccount: 'till',
  });
}
