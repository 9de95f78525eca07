import { ApiObject, Duration } from 'cdk8s';
import { CaTarget, caRefusal } from './ca-target';
import { CertManagerCaProps } from './cert-manager-ca';
import { checkUsages } from './certificate-usages';
import { PrivateKeyAlgorithm } from './private-key-algorithm';
import { PrivateKeyRotationPolicy } from './private-key-rotation-policy';
import { checkLine, oneOf } from './reference';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { goDuration } from '../go-duration';

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
  const issuer = oneOf(target, KIND, 'MTLS062', { issuer: props.issuer, clusterIssuer: props.clusterIssuer });
  checkDurations(target, props);
  checkKeySize(target, props);
  checkLine(target, KIND, 'commonName', commonName, MOST_CHARACTERS);
  organizations?.forEach((organization) => checkLine(target, KIND, 'organizations', organization, MOST_CHARACTERS));
  checkUsages(target, usages);
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

function checkDurations(target: CaTarget, { duration = DEFAULT_DURATION, renewBefore }: CertManagerCaProps): void {
  const refuse = (field: string, actual: Duration, expected: string) => caRefusal(target, KIND, {
    code: 'MTLS064',
    field,
    actual: goDuration(actual),
    expected,
    because: "cert-manager's webhook refuses anything else",
    fix: `correct '${field}'`,
  });
  const least = (limit: Duration) => `at least ${goDuration(limit)}`;
  if (isLess(duration, LEAST_DURATION)) throw refuse('duration', duration, least(LEAST_DURATION));
  if (!renewBefore) return;
  if (isLess(renewBefore, LEAST_RENEW_BEFORE)) throw refuse('renewBefore', renewBefore, least(LEAST_RENEW_BEFORE));
  if (!isLess(renewBefore, duration)) throw refuse('renewBefore', renewBefore, `less than the duration, ${goDuration(duration)}`);
}

function isLess(one: Duration, other: Duration): boolean {
  return one.toMilliseconds() < other.toMilliseconds();
}

function checkKeySize(target: CaTarget, { privateKeyAlgorithm, privateKeySize: size }: CertManagerCaProps): void {
  if (size === undefined) return;
  const ecdsa = privateKeyAlgorithm === PrivateKeyAlgorithm.ECDSA;
  const fits = ecdsa ? [256, 384, 521].includes(size) : Number.isInteger(size) && size >= 2048 && size <= 8192;
  if (fits) return;
  throw caRefusal(target, KIND, {
    code: 'MTLS065',
    field: 'privateKeySize',
    actual: `${Number(size)} for ${ecdsa ? 'ECDSA' : 'RSA'}`,
    expected: ecdsa ? '256, 384 or 521' : 'a whole number from 2048 to 8192',
    because: "cert-manager's webhook refuses anything else",
    fix: "correct 'privateKeySize', or 'privateKeyAlgorithm'",
  });
}
