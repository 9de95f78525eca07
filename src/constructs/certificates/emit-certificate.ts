import { ApiObject, Duration } from 'cdk8s';
import { CaTarget, caRefusing } from './ca-target';
import { CertManagerCaProps } from './cert-manager-ca';
import { checkUsages } from './certificate-usages';
import { PrivateKeyAlgorithm } from './private-key-algorithm';
import { PrivateKeyRotationPolicy } from './private-key-rotation-policy';
import { checkLine, oneOf } from './reference';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { checkWord } from '../enum-word';
import { goDuration } from '../go-duration';
import { Refuse } from '../refuse';

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
  const issuer = oneOf('MTLS062', { issuer: props.issuer, clusterIssuer: props.clusterIssuer }, refuse);
  checkDurations(props, refuse);
  checkPrivateKey(props, refuse);
  checkKeySize(props, refuse);
  checkLine('commonName', commonName, MOST_CHARACTERS, refuse);
  organizations?.forEach((organization) => checkLine('organizations', organization, MOST_CHARACTERS, refuse));
  checkUsages(usages, refuse);
  return new ApiObject(target.scope, 'Resource', {
    apiVersion: 'cert-manager.io/v1',
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
      issuerRef: { group: 'cert-manager.io', kind: issuer.prop === 'issuer' ? 'Issuer' : 'ClusterIssuer', name: issuer.name },
    },
  });
}

function checkDurations({ duration = DEFAULT_DURATION, renewBefore }: CertManagerCaProps, refuse: Refuse): void {
  const outOfRange = (field: string, actual: Duration, expected: string) => refuse({
    code: 'MTLS064',
    field,
    actual: goDuration(actual),
    expected,
    because: "cert-manager's webhook refuses anything else",
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
    code: 'MTLS065',
    field: 'privateKeySize',
    actual: `${Number(size)} for ${ecdsa ? 'ECDSA' : 'RSA'}`,
    expected: ecdsa ? '256, 384 or 521' : 'a whole number from 2048 to 8192',
    because: "cert-manager's webhook refuses anything else",
    fix: "correct 'privateKeySize', or 'privateKeyAlgorithm'",
  });
}
