import { ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { CERT_MANAGER, checkLine, checkName, checkNamespace, goDuration } from './ca-emitter';
import { customCas } from './custom-ca';
import { OWN_CA, OwnCa } from './istio-csr-issuer';
import { IstioCsrProps, IstiodCertificateSource } from './istio-csr-props';
import {
  caAddressOf, istioCsrOperator, IstioCsrSettings, istioCsrValues, istiodValues, ztunnelValues,
} from './istio-csr-values';
import { CA_SECRET_NAME, shownName } from '../../certificates/ca-secret';
import { refusalMessage } from '../../findings/refusal';
import { MeshFacts } from '../../integration/mesh-facts';
import { MESH_FOR_EACH } from '../../integration/mesh-refusals';
import { AppCheck } from '../app-check';
import { isRevisionName } from '../namespace';
import { checkMadeBy, checkWord, Refuse, refusing } from '../refuse';

/**
 * Issues workload certificates with cert-manager: istio-csr receives the requests of all proxies, a cert-manager issuer signs
 * them, and istiod's CA is off.
 *
 * Emits one Certificate `istiod-tls` in istiod's namespace, with which istiod serves, unless istio-csr creates it; with
 * `IstioCsrIssuer.ownCa` also two Issuers and a Certificate for the root. Install istio-csr and istiod with their charts:
 * `helmValues` and `istiodHelmValues`, or `istioOperator`, are the values for each, and start with the order of installation.
 * In a running mesh with another CA, workloads trust each other only after all are restarted, unless both roots were
 * distributed before.
 *
 * @throws if a name, a revision, a duration or the number of replicas is invalid; at synth, if the app has a CustomCa, a CaRotation
 * or a second IstioCsr
 * @see https://cert-manager.io/docs/usage/istio-csr/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { IstioCsr, IstioCsrIssuer } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'platform');
 * const csr = new IstioCsr(chart, 'istio-csr', { issuer: IstioCsrIssuer.clusterIssuer('company-intermediate') });
 * const valuesOfIstioCsr: string = csr.helmValues; // helm install cert-manager-istio-csr … -f
 * const valuesOfIstiod: string = csr.istiodHelmValues; // helm install istiod … -f
 */
export class IstioCsr extends Construct {
  /** istiod's namespace. */
  public readonly namespace: string;

  /** The address from which proxies request certificates, such as `cert-manager-istio-csr.cert-manager.svc:443`. */
  public readonly caAddress: string;

  /** The mesh's trust domain, the first part of every identity. */
  public readonly trustDomain: string;

  /** Values for the chart `cert-manager-istio-csr`, as YAML. */
  public readonly helmValues: string;

  /**
   * Values for Istio's chart `istiod`, as YAML, the same for each revision. Pass them with
   * another `-f` than those of MeshConfig: Helm merges both.
   */
  public readonly istiodHelmValues: string;

  /** The same settings as an IstioOperator for `istioctl install -f`. */
  public readonly istioOperator: string;

  /** Values for Istio's chart `ztunnel`, as YAML; undefined unless `ambient`. */
  public readonly ztunnelHelmValues?: string;

  /** istiod's serving certificate, for adjustments; undefined if istio-csr creates it. */
  public readonly istiodCertificate?: ApiObject;

  /** The root's Certificate; undefined unless the issuer is `IstioCsrIssuer.ownCa`. */
  public readonly caCertificate?: ApiObject;

  public constructor(scope: Construct, id: string, props: IstioCsrProps) {
    super(scope, id);
    const mesh = MeshFacts.of(this);
    const reader = { kind: 'IstioCsr', path: this.node.path, mesh: props.mesh };
    const refuse = refusing(reader.kind, reader.path);
    this.namespace = mesh.read('namespace', reader);
    this.trustDomain = mesh.read('trustDomain', reader);
    checkProps(props, refuse);
    const issuer = props.issuer._ref(refuse);
    const {
      istioCsrNamespace = 'cert-manager',
      revisions = [mesh.read('revision', reader) ?? 'default'],
      istiodCertificate = IstiodCertificateSource.MANIFEST,
    } = props;
    const settings: IstioCsrSettings = {
      ...props, issuer, istiodCertificate, istioCsrNamespace, revisions, namespace: this.namespace, trustDomain: this.trustDomain,
    };
    this.caAddress = caAddressOf(settings);
    this.helmValues = istioCsrValues(settings);
    this.istiodHelmValues = istiodValues(settings);
    this.istioOperator = istioCsrOperator(settings);
    this.ztunnelHelmValues = props.ambient ? ztunnelValues(settings) : undefined;
    if (props.issuer._ownCa) this.caCertificate = emitOwnCa(this, this.namespace, props.issuer._ownCa);
    if (istiodCertificate === IstiodCertificateSource.MANIFEST) this.istiodCertificate = emitIstiodCertificate(this, settings);
    this.node.defaultChild = this.istiodCertificate;
    istioCsrs.add(this, this);
  }
}

/** The Issuer that signs the root of `IstioCsrIssuer.ownCa`. */
const OWN_ROOT = 'istio-ca-root';

function checkProps(props: IstioCsrProps, refuse: Refuse): void {
  const { istioCsrNamespace, revisions, clusterId, maxCertificateDuration, istiodCertificate, rootSecret, replicas, issuer } = props;
  checkMadeBy('IstioCsrIssuer', { field: 'issuer', value: issuer, member: '_ref' }, refuse);
  if (istioCsrNamespace !== undefined) checkNamespace('istioCsrNamespace', istioCsrNamespace, refuse);
  if (rootSecret !== undefined) checkName('rootSecret', rootSecret, refuse);
  if (clusterId !== undefined) checkLine('clusterId', clusterId, 253, refuse);
  if (istiodCertificate !== undefined) checkWord('istiodCertificate', istiodCertificate, IstiodCertificateSource, refuse);
  checkDuration('maxCertificateDuration',
    maxCertificateDuration, { least: Duration.minutes(1), because: 'proxies would renew certificates constantly' }, refuse);
  checkDuration('issuer.duration',
    issuer._ownCa?.duration, { least: Duration.hours(1), because: 'cert-manager\'s webhook rejects shorter durations' }, refuse);
  checkRevisions(revisions, refuse);
  if (replicas !== undefined && !(Number.isInteger(replicas) && replicas >= 1)) {
    throw refuse({
      code: 'API084',
      field: 'replicas',
      actual: String(replicas),
      expected: 'an integer of at least 1',
      because: 'without a pod of istio-csr, no workload gets a certificate',
      fix: 'correct \'replicas\'',
    });
  }
}

interface Limit {
  readonly least: Duration;
  readonly because: string;
}

function checkDuration(field: string, duration: Duration | undefined, { least, because }: Limit, refuse: Refuse): void {
  if (duration === undefined || duration.toMilliseconds() >= least.toMilliseconds()) return;
  throw refuse({
    code: 'API064', field, actual: goDuration(duration), expected: `at least ${goDuration(least)}`, because, fix: `correct '${field}'`,
  });
}

function checkRevisions(revisions: readonly string[] | undefined, refuse: Refuse): void {
  if (revisions === undefined) return;
  const wrong = revisions.find((revision) => !isRevisionName(revision));
  const twice = revisions.find((revision, index) => revisions.indexOf(revision) !== index);
  if (revisions.length > 0 && wrong === undefined && twice === undefined) return;
  throw refuse({
    code: 'API085',
    field: 'revisions',
    actual: revisions.length === 0 ? 'empty' : wrong === undefined ? `given twice as ${shownName(twice)}` : shownName(wrong),
    expected: 'each revision once, in lowercase letters, digits and dashes; \'default\' for the istiod without one',
    because: 'istiod\'s certificate has the Service name of each revision',
    fix: 'correct \'revisions\'',
  });
}

/** Emits a self-signed root, and the Issuer that signs with it; returns the root's Certificate. */
function emitOwnCa(
  scope: Construct, namespace: string, { commonName = OWN_CA, duration = Duration.days(3650), organizations }: OwnCa,
): ApiObject {
  const refuse = refusing('IstioCsr', scope.node.path);
  checkLine('issuer.commonName', commonName, MOST_CHARACTERS, refuse);
  organizations?.forEach((organization) => checkLine('issuer.organizations', organization, MOST_CHARACTERS, refuse));
  emit(scope, 'RootIssuer', { kind: 'Issuer', namespace, name: OWN_ROOT }, { selfSigned: {} });
  const certificate = emit(scope, 'Ca', { kind: 'Certificate', namespace, name: OWN_CA }, {
    secretName: OWN_CA,
    isCA: true,
    commonName,
    subject: organizations && { organizations },
    duration: goDuration(duration),
    // With a new key, each renewal would be a root that no proxy trusts yet.
    privateKey: { rotationPolicy: 'Never', algorithm: 'ECDSA', size: 256 },
    usages: ['digital signature', 'cert sign', 'crl sign'],
    issuerRef: { group: CERT_MANAGER, kind: 'Issuer', name: OWN_ROOT },
  });
  emit(scope, 'Issuer', { kind: 'Issuer', namespace, name: OWN_CA }, { ca: { secretName: OWN_CA } });
  return certificate;
}

/** Limit of RFC 5280 for a common name and for an organization. */
const MOST_CHARACTERS = 64;

/** The Secret that Istio's chart mounts into istiod. */
const ISTIOD_SECRET = 'istiod-tls';

/** The Certificate that istio-csr would create, with another name: Helm would delete one with the chart's name `istiod`. */
function emitIstiodCertificate(scope: Construct, { namespace, revisions, trustDomain, issuer }: IstioCsrSettings): ApiObject {
  const dnsNames = revisions.map((revision) => `istiod${revision === 'default' ? '' : `-${revision}`}.${namespace}.svc`);
  return emit(scope, 'IstiodCertificate', { kind: 'Certificate', namespace, name: ISTIOD_SECRET }, {
    secretName: ISTIOD_SECRET,
    commonName: dnsNames[0].length <= MOST_CHARACTERS ? dnsNames[0] : undefined,
    dnsNames,
    uris: [`spiffe://${trustDomain}/ns/${namespace}/sa/istiod-service-account`],
    duration: '1h',
    renewBefore: '30m',
    privateKey: { rotationPolicy: 'Always', algorithm: 'RSA', size: 2048 },
    revisionHistoryLimit: 1,
    issuerRef: issuer,
  });
}

interface Name {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function emit(scope: Construct, id: string, { kind, namespace, name }: Name, spec: object): ApiObject {
  return new ApiObject(scope, id, { apiVersion: `${CERT_MANAGER}/v1`, kind, metadata: { namespace, name }, spec });
}

/** The IstioCsrs of a mesh, and the constructs that conflict with them. */
const istioCsrs = new AppCheck<IstioCsr>(([first, ...others], { facts }) => [
  ...others.map((other) => secondCa(other, `a second IstioCsr, after ${first.node.path}`)),
  ...customCas.membersOf(facts)
    .map(({ construct, namespace }) => secondCa(first, `beside Secret '${namespace}/${CA_SECRET_NAME}' (${construct.node.path})`)),
]);

function secondCa({ namespace, node: { path } }: IstioCsr, actual: string): string {
  return refusalMessage({
    code: 'API086',
    kind: 'IstioCsr',
    name: namespace,
    path,
    field: 'istio-csr',
    actual,
    expected: 'one IstioCsr, and neither a CustomCa nor a CaRotation, in a mesh',
    because: 'all workloads get their certificates from one CA, and istio-csr turns istiod\'s CA off: Secret cacerts would sign nothing',
    fix: `remove one of the two, or ${MESH_FOR_EACH}`,
  });
}
