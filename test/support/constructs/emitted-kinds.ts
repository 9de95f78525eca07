// What constructs emit, in each form of them that changes it: for the tables of docs/constructs/ and their test.
import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { EXAMPLES } from './examples';
import * as library from '../../../src';
import { newCa, sealedValue } from '../certificates/cacerts';

const {
  CaRotationStage, CaSource, CertManagerIssuer, ClientTls, ExternalProtocol, ExternalSecretStore, IstioCsrIssuer, MachineProxy, MtlsMode, Pods,
  RotatingCa,
} = library;

type Form = (chart: Chart) => unknown;

const clientTls = { exceptHosts: ['legacy.shop.svc.cluster.local'] };
const acknowledged = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };
const store = ExternalSecretStore.clusterSecretStore('vault');

function sources(): library.CaSource[] {
  const encryptedData = Object.fromEntries(['ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem'].map((key) => [key, sealedValue()]));
  return [
    CaSource.certManager({ issuer: CertManagerIssuer.issuer('company') }), CaSource.externalSecret({ store, key: 'ca' }),
    CaSource.sealedSecret({ encryptedData }), CaSource.pem({ ...acknowledged, ...newCa().props }), CaSource.fromSecret(),
  ];
}

/** Forms beside that of `EXAMPLES`, or in its place if that also calls methods that create other constructs. */
const FORMS: Readonly<Record<string, () => readonly Form[]>> = {
  CaRotation: () => {
    const [from, to] = [newCa(), newCa()].map(({ props, root }) => ({ props, rootCert: root.pem }));
    const [, vault, sealed] = sources().map((source) => RotatingCa.ofSource(source, from.rootCert));
    const pem = RotatingCa.ofSource(CaSource.pem({ ...acknowledged, ...to.props }));
    const stages = [vault, sealed, RotatingCa.selfSigned(from.rootCert)].map((old): Form => (
      (chart) => new library.CaRotation(chart, 'it', { from: old, to: pem, stage: CaRotationStage.TRUST_BOTH })));
    return [...stages, (chart) => new library.CaRotation(chart, 'it', { from: vault, to: pem, stage: CaRotationStage.SIGN_WITH_NEW })];
  },
  Calls: () => [(chart) => {
    new kplus.Namespace(chart, 'shop', { metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } });
    const [web, cart] = ['web', 'cart'].map((name) => new kplus.Deployment(chart, name, { containers: [{ image: name, portNumber: 8080 }] }));
    library.Calls.of(web).to(cart.exposeViaService());
  }],
  CustomCa: () => sources().map((source) => (chart) => new library.CustomCa(chart, 'it', { source })),
  Destination: () => [EXAMPLES.HttpRoute], // by its method routeTo
  ExternalService: () => [(chart) => new library.ExternalService(chart, 'it', {
    hosts: ['api.bank.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }],
  })],
  IstioCsr: () => [IstioCsrIssuer.ownCa(), IstioCsrIssuer.issuer('company')].map((issuer) => (chart) => new library.IstioCsr(chart, 'it', { issuer })),
  IstioMesh: () => [(chart) => new library.IstioMesh(chart, 'it')],
  MachineService: () => [(chart) => new library.MachineService(chart, 'it', {
    host: 'billing.example', addresses: ['10.20.0.7'], ports: [{ name: 'http', port: 80 }], proxy: MachineProxy.none(ClientTls.simple()),
  })],
  MeshMtls: () => [(chart) => new library.MeshMtls(chart, 'it', { mode: MtlsMode.PERMISSIVE, clientTls })],
  SidecarScope: () => [(chart) => new library.SidecarScope(chart, 'it', { workload: Pods.withLabels({ app: 'web' }), hosts: ['shop/*'] })],
};
const INSTEAD = ['IstioMesh'];

/** An emitted kind. */
export interface EmittedKind {
  readonly kind: string;
  /** The group and version. */
  readonly apiVersion: string;
}

/** The kinds that each construct emits, and the declaration of calls, by its class; ordered by kind. */
export function emittedKinds(): ReadonlyMap<string, readonly EmittedKind[]> {
  const names = [...Object.keys(EXAMPLES), 'Calls'].sort();
  return new Map(names.map((name) => {
    const example = INSTEAD.includes(name) || !(name in EXAMPLES) ? [] : [EXAMPLES[name]];
    const objects = [...example, ...FORMS[name]?.() ?? []].flatMap((form) => objectsOf(name, form));
    const kinds = new Map(objects.map(({ kind, apiVersion }) => [`${kind} ${apiVersion}`, { kind, apiVersion }]));
    return [name, [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind)];
  }));
}

/** What a form emits: what is in constructs of the class, or the policies of a declaration of calls, which is no construct. */
function objectsOf(name: string, form: Form): readonly ApiObject[] {
  const app = new App();
  form(new Chart(app, 'shop', { namespace: 'shop' }));
  app.synthYaml(); // so that what is refused at synth is
  const all = app.node.findAll();
  const { prototype } = (library as any)[name]; // by its prototype: every ApiObject is an instance of each class that extends it
  const within = name === 'Calls' ? all : all.filter(({ node }) => node.scopes.some((around) => Object.prototype.isPrototypeOf.call(prototype, around)));
  return within.filter((node) => ApiObject.isApiObject(node) && (name !== 'Calls' || node.apiGroup.endsWith('.istio.io'))) as ApiObject[];
}
