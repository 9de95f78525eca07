import { ApiObject, Duration } from 'cdk8s';
import { caRefusing, CaTarget, CERT_MANAGER, checkLine, checkName, goDuration, IssuerRef, refuseTrust } from './ca-emitter';
import { CA_SECRET_NAME, shownName } from '../../certificates/ca-secret';
import { checkMadeBy, checkWord, Refuse } from '../refuse';

/** A CA that cert-manager issues and renews. The private key never leaves the cluster. */
export interface CertManagerCaProps {
  /** The issuer that signs the CA certificate. */
  readonly issuer: CertManagerIssuer;

  /**
   * The requested lifetime of the CA certificate, at least an hour. The issuer may shorten it.
   *
   * @default - cert-manager's, 90 days
   */
  readonly duration?: Duration;

  /**
   * How long before its expiry the certificate is renewed: at least five minutes, and less than the duration. istiod shortens
   * workload certificates (24 hours by default) to the remaining lifetime of its CA certificate, so use more than that.
   *
   * @default - cert-manager's, a third of the certificate's lifetime
   */
  readonly renewBefore?: Duration;

  /**
   * Algorithm of the CA's private key.
   *
   * @default - cert-manager's, RSA
   */
  readonly privateKeyAlgorithm?: PrivateKeyAlgorithm;

  /**
   * Size of the CA's private key in bits.
   *
   * @default - cert-manager's: 2048 for RSA, 256 for ECDSA
   */
  readonly privateKeySize?: number;

  /**
   * Whether each renewal generates a new private key. A running istiod reloads the new certificate and key, because the root
   * stays the same.
   *
   * @default PrivateKeyRotationPolicy.ALWAYS, regardless of cert-manager's default
   */
  readonly rotationPolicy?: PrivateKeyRotationPolicy;

  /**
   * Common name of the CA certificate, up to 64 characters.
   *
   * @default 'istiod-ca'
   */
  readonly commonName?: string;

  /**
   * Organizations in the subject of the CA certificate.
   *
   * @default - none
   */
  readonly organizations?: string[];

  /**
   * Key usages and extended key usages, with cert-manager's names. Extended key usages must include `server auth` (or `any`):
   * istiod doesn't start with a CA that is limited to other purposes.
   *
   * @default ['digital signature', 'cert sign', 'crl sign'], no extended key usages
   */
  readonly usages?: string[];
}

/** An issuer of cert-manager, by its kind. */
export class CertManagerIssuer {
  /**
   * An Issuer in istiod's namespace.
   *
   * @param name of the Issuer
   */
  public static issuer(name: string): CertManagerIssuer {
    return new CertManagerIssuer('Issuer', name);
  }

  /**
   * A ClusterIssuer.
   *
   * @param name of the ClusterIssuer
   */
  public static clusterIssuer(name: string): CertManagerIssuer {
    return new CertManagerIssuer('ClusterIssuer', name);
  }

  private constructor(private readonly kind: string, private readonly name: string) {}

  /**
   * A reference to it, as in a Certificate.
   *
   * @internal
   */
  public _ref(refuse: Refuse): IssuerRef {
    checkName('issuer', this.name, refuse);
    return { group: CERT_MANAGER, kind: this.kind, name: this.name };
  }
}

/** Algorithms of a CA's private key that both istiod and proxies support. */
export enum PrivateKeyAlgorithm {
  /** RSA, with 2048 to 8192 bits. */
  RSA = 'RSA',
  /** ECDSA, with 256, 384 or 521 bits. */
  ECDSA = 'ECDSA',
}

/** Whether a renewed certificate has a new private key. */
export enum PrivateKeyRotationPolicy {
  /** Each renewal generates a new private key. */
  ALWAYS = 'Always',
  /** The first private key is kept. */
  NEVER = 'Never',
}

const KIND = 'Certificate';

// cert-manager's own, from its webhook.
const DEFAULT_DURATION = Duration.days(90);
const LEAST_DURATION = Duration.hours(1);
const LEAST_RENEW_BEFORE = Duration.minutes(5);

/** Limit of RFC 5280 for a common name and for an organization. */
const MOST_CHARACTERS = 64;

const USAGES = ['digital signature', 'cert sign', 'crl sign'];

export function emitCertificate(target: CaTarget, props: CertManagerCaProps): ApiObject {
  const { duration, renewBefore, organizations, commonName = 'istiod-ca', usages = USAGES } = props;
  const refuse = caRefusing(target, KIND);
  refuseTrust(target, 'CaSource.certManager', 'cert-manager writes one root into ca.crt, that of the issuer', refuse);
  checkMadeBy('CertManagerIssuer', { field: 'issuer', value: props.issuer, member: '_ref' }, refuse);
  const issuerRef = props.issuer._ref(refuse);
  checkDurations(props, refuse);
  checkPrivateKey(props, refuse);
  checkKeySize(props, refuse);
  checkLine('commonName', commonName, MOST_CHARACTERS, refuse);
  organizations?.forEach((organization) => checkLine('organizations', organization, MOST_CHARACTERS, refuse));
  checkUsages(usages, refuse);
  return new ApiObject(target.scope, 'Resource', {
    apiVersion: `${CERT_MANAGER}/v1`,
    kind: KIND,
    metadata: { namespace: target.namespace, name: CA_SECRET_NAME },
    spec: {
      secretName: CA_SECRET_NAME,
      isCA: true,
      commonName,
      subject: organizations && { organizations },
      duration: duration && goDuration(duration),
      renewBefore: renewBefore && goDuration(renewBefore),
      privateKey: {
        rotationPolicy: props.rotationPolicy ?? PrivateKeyRotationPolicy.ALWAYS,
        algorithm: props.privateKeyAlgorithm,
        size: props.privateKeySize,
      },
      usages,
      issuerRef,
    },
  });
}

function checkDurations({ duration = DEFAULT_DURATION, renewBefore }: CertManagerCaProps, refuse: Refuse): void {
  const outOfRange = (field: string, actual: Duration, expected: string) => refuse({
    code: 'API064',
    field,
    actual: goDuration(actual),
    expected,
    because: "cert-manager's webhook rejects other durations",
    fix: `correct '${field}'`,
  });
  const least = (limit: Duration) => `at least ${goDuration(limit)}`;
  if (isLess(duration, LEAST_DURATION)) throw outOfRange('duration', duration, least(LEAST_DURATION));
  if (!renewBefore) return;
  if (isLess(renewBefore, LEAST_RENEW_BEFORE)) throw outOfRange('renewBefore', renewBefore, least(LEAST_RENEW_BEFORE));
  if (!isLess(renewBefore, duration)) throw outOfRange('renewBefore', renewBefore, `less than the duration, ${goDuration(duration)}`);
}

function isLess(one: Duration, other: Duration): boolean {
  return one.toMilliseconds() < other.toMilliseconds();
}

function checkPrivateKey({ privateKeyAlgorithm, rotationPolicy }: CertManagerCaProps, refuse: Refuse): void {
  if (privateKeyAlgorithm) checkWord('privateKey.algorithm', privateKeyAlgorithm, PrivateKeyAlgorithm, refuse);
  if (rotationPolicy) checkWord('privateKey.rotationPolicy', rotationPolicy, PrivateKeyRotationPolicy, refuse);
}

function checkKeySize({ privateKeyAlgorithm, privateKeySize: size }: CertManagerCaProps, refuse: Refuse): void {
  if (size === undefined) return;
  const ecdsa = privateKeyAlgorithm === PrivateKeyAlgorithm.ECDSA;
  const fits = ecdsa ? [256, 384, 521].includes(size) : Number.isInteger(size) && size >= 2048 && size <= 8192;
  if (fits) return;
  throw refuse({
    code: 'API065',
    field: 'privateKeySize',
    actual: `${Number(size)} for ${ecdsa ? 'ECDSA' : 'RSA'}`,
    expected: ecdsa ? '256, 384 or 521' : 'an integer from 2048 to 8192',
    because: "cert-manager's webhook rejects other sizes",
    fix: "correct 'privateKeySize', or 'privateKeyAlgorithm'",
  });
}

const KEY_USAGES = [
  'signing', 'digital signature', 'content commitment', 'key encipherment', 'key agreement', 'data encipherment',
  'cert sign', 'crl sign', 'encipher only', 'decipher only',
];
const SERVER_USAGES = ['server auth', 'any'];
const EXTENDED_KEY_USAGES = [
  ...SERVER_USAGES, 'client auth', 'code signing', 'email protection', 's/mime', 'ipsec end system', 'ipsec tunnel',
  'ipsec user', 'timestamping', 'ocsp signing', 'microsoft sgc', 'netscape sgc',
];

/** Rejects usages that cert-manager doesn't know, or with which istiod doesn't start. */
function checkUsages(usages: readonly string[], refuse: Refuse): void {
  const unknown = usages.find((usage) => ![...KEY_USAGES, ...EXTENDED_KEY_USAGES].includes(usage));
  if (unknown !== undefined) {
    throw refuse({
      code: 'API066',
      field: 'usages',
      actual: shownName(unknown),
      expected: `usages of cert-manager: ${[...KEY_USAGES, ...EXTENDED_KEY_USAGES].join(', ')}`,
      fix: "correct 'usages'",
    });
  }
  const extended = usages.filter((usage) => EXTENDED_KEY_USAGES.includes(usage));
  if (extended.length === 0 || extended.some((usage) => SERVER_USAGES.includes(usage))) return;
  throw refuse({
    code: 'API066',
    field: 'usages',
    actual: extended.join(', '),
    expected: "no extended key usages, or some with 'server auth'",
    because: 'istiod verifies its CA for server authentication, and does not start if that fails',
    fix: "add 'server auth', or remove the extended key usages",
  });
}
