import { admit } from '../admission/admission';
import { readCertificates } from '../certificates/ca-files';
import { isSealed } from '../certificates/sealed-value';
import { redacted } from '../findings/safe-text';
import { isMapping, Mapping, mapping, mappings } from '../manifests/mapping';
import { holdsSecret } from '../manifests/secrets';

/** Why an object has no place in a program; undefined: it has one. No part of it is told. */
export function unfitness(object: Mapping, istiodNamespace: string): string | undefined {
  if (isKubeconfig(object)) return 'a kubeconfig is no object of a cluster, and holds credentials';
  if (mayHoldKey(object)) {
    return object.kind === 'Secret' ? 'a Secret doesn\'t belong in a program' : 'it may hold a private key or another secret';
  }
  const { apiVersion, kind, metadata } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '') {
    return 'it has no apiVersion and kind';
  }
  if (metadata !== undefined && !isMapping(metadata)) return 'its metadata isn\'t a mapping';
  if (!isPlain(object)) return 'it has a name or a number that a program can\'t reproduce exactly';
  const refused = admit(object, { istiodNamespace }).find(({ severity }) => severity === 'error');
  return refused && `an API server or istiod would reject it [${refused.code}]`;
}

/**
 * Whether an object is a Secret, or holds what may be of one. Certificates are public, and sealed values are for the cluster alone to open.
 */
function mayHoldKey(object: Mapping): boolean {
  const rest = withoutPublic(object, object.kind === 'SealedSecret');
  if (holdsSecret(valuesIn(rest as Mapping))) return true;
  const text = JSON.stringify(rest);
  return redacted(text) !== text;
}

/** Whoever has a kubeconfig's token or key is its user. */
function isKubeconfig({ kind, users, clusters, contexts }: Mapping): boolean {
  return kind === 'Config' && (Array.isArray(users) || Array.isArray(clusters) || Array.isArray(contexts));
}

/** What of an object is a value, where most of it describes what others may be: a schema, or what a policy matches. */
function valuesIn(object: Mapping): unknown {
  const { apiVersion, kind, spec, ...others } = object;
  const [group] = (typeof apiVersion === 'string' ? apiVersion : '').split('/');
  if (group === 'apiextensions.k8s.io') return others;
  if (group !== 'kyverno.io') return object;
  const generated = (generate: unknown): unknown => (mapping(generate).data === undefined ? undefined : generate);
  return {
    ...others, kind, rules: mappings(mapping(spec).rules).map(({ mutate, generate }) => ({ mutate, generate: generated(generate) })),
  };
}

function withoutPublic(value: unknown, hasSealed: boolean): unknown {
  if (typeof value === 'string') return isCertificate(value) || (hasSealed && isSealed(value)) ? '' : value;
  if (Array.isArray(value)) return value.map((item) => withoutPublic(item, hasSealed));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutPublic(one, hasSealed)]));
}

/** How a certificate begins, plain and in base64. */
const BEGINNING = /^\s*(?:-----BEGIN CERTIFICATE|LS0tLS1CRUdJTiBDRVJUSUZJQ0FUR)/;

/** Whether a text is nothing but certificates, of which each can be read. */
function isCertificate(text: string): boolean {
  if (!BEGINNING.test(text)) return false;
  const pem = text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString();
  const around = pem.replace(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g, '').trim();
  const count = pem.split('-----BEGIN').length - 1;
  const { certificates, hasUnreadable } = readCertificates(pem);
  return around === '' && !hasUnreadable && certificates.length === count;
}

/** Whether JavaScript and JSON hold a value as it is. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.entries(mapping(value)).every(([key, one]) => key !== '__proto__' && isPlain(one));
}
