import { nearest } from '../../findings/nearest';
import { Objection } from '../objection';
import { keyNameObjections } from './key-names';
import { pemObjections } from './pem-objections';
import { SecretValue, secretValues } from './secret-values';
import { CA_SECRET_NAME, CRL_KEY, FOUR_KEY_FORM, shownName, TLS_FORM } from '../../certificates/ca-secret';

/** Istio's own Secrets with a CA's keys. */
const ISTIO_SECRETS = ['istio-ca-secret'];

/**
 * What the API server and istiod have against the Secret `cacerts` in istiod's namespace, and which Secrets
 * look like it, but are never read. No value of a Secret is in any objection.
 */
export function cacertsObjections(object: any, istiodNamespace: string = 'istio-system'): Objection[] {
  if (object?.kind !== 'Secret' || object.apiVersion !== 'v1') return [];
  const { name, namespace } = object.metadata ?? {};
  const { values, objections } = secretValues(object);
  const isThere = namespace === istiodNamespace || namespace === undefined || namespace === null || namespace === '';
  if (name !== CA_SECRET_NAME) return isThere ? otherName(name, object.type, values) : [];
  if (!isThere) return isCa(values) ? [otherNamespace(namespace, istiodNamespace)] : [];
  const isTls = values.some(({ key }) => key === TLS_FORM[0]);
  const read = isTls ? TLS_FORM : [...FOUR_KEY_FORM, CRL_KEY];
  return [
    ...objections,
    ...tlsTypeObjections(object.type, values),
    ...keyNameObjections(values),
    ...values.filter(({ key }) => read.includes(key)).flatMap(pemObjections),
  ];
}

function isCa(values: readonly SecretValue[]): boolean {
  return values.some(({ key }) => key === 'ca-cert.pem' || key === 'ca-key.pem');
}

function tlsTypeObjections(type: unknown, values: readonly SecretValue[]): Objection[] {
  if (type !== 'kubernetes.io/tls') return [];
  const missing = ['tls.crt', 'tls.key'].filter((name) => !values.some(({ key }) => key === name));
  if (missing.length === 0) return [];
  return [{
    code: 'ADMIT711',
    severity: 'error',
    field: ['type'],
    actual: `'${type}', without ${missing.join(' and ')}`,
    expected: `type Opaque, or ${missing.join(' and ')}`,
    because: 'the API server demands tls.crt and tls.key of this type',
    fix: 'set type to Opaque',
  }];
}

function otherName(name: unknown, type: unknown, values: readonly SecretValue[]): Objection[] {
  if (ISTIO_SECRETS.includes(name as string) || (typeof type === 'string' && type.startsWith('istio.io/'))) return [];
  const hasTlsCa = TLS_FORM.every((form) => values.some(({ key }) => key === form));
  const isMisspelt = typeof name === 'string' && name.length <= 63 && hasTlsCa && nearest(name, [CA_SECRET_NAME]) !== undefined;
  const hasRoot = ['root-cert.pem', 'cert-chain.pem'].every((form) => values.some(({ key }) => key === form));
  if (!isCa(values) && !isMisspelt && !hasRoot) return [];
  return [{
    code: 'ADMIT709',
    severity: 'warning',
    field: ['metadata', 'name'],
    actual: shownName(name),
    expected: `'${CA_SECRET_NAME}', when it is istiod's CA`,
    because: 'istiod reads its CA from no other Secret, and silently signs with one that it makes itself',
    fix: `name it '${CA_SECRET_NAME}', with the keys ${(hasTlsCa ? TLS_FORM : FOUR_KEY_FORM).join(', ')}`,
  }];
}

function otherNamespace(namespace: unknown, istiodNamespace: string): Objection {
  return {
    code: 'ADMIT710',
    severity: 'warning',
    field: ['metadata', 'namespace'],
    actual: shownName(namespace),
    expected: `'${istiodNamespace}', istiod's namespace`,
    because: 'istiod mounts the Secret of its own namespace only',
    fix: `set it to '${istiodNamespace}', or name istiod's namespace if it is another`,
  };
}
