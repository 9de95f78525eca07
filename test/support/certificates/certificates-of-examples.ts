// Examples of rules name certificates and keys in angle brackets, such as "<intermediate><root>" or "<key of intermediate>": no
// private key lies in the repository.
import { generateKeyPairSync } from 'node:crypto';
import { certificate, CertificateSpec, revocationList, RevocationSpec, SERVER_AUTH, TestCertificate } from './x509';

const VALID = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2045-01-01T00:00:00Z') };
const CA = { ca: true, keyUsage: [5, 6], ...VALID };

type Spec = Omit<CertificateSpec, 'issuer'> & { readonly issuer?: string };

/** By the names in examples. A self-signed certificate has no issuer. */
const SPECS: Readonly<Record<string, Spec>> = {
  'root': { commonName: 'Example Root', ...CA },
  'other root': { commonName: 'Other Root', ...CA },
  'root of istiod': { commonName: 'O=cluster.local', ...CA },
  'intermediate': { commonName: 'Istio CA', issuer: 'root', ...CA, pathLength: 0 },
  'intermediate that ended in 2025': { commonName: 'Istio CA', issuer: 'root', ...CA, notAfter: new Date('2025-06-30T12:00:00Z') },
  'intermediate that ends in February 2026': { commonName: 'Istio CA', issuer: 'root', ...CA, notAfter: new Date('2026-02-10T12:00:00Z') },
  'leaf': { commonName: 'istiod.istio-system.svc', issuer: 'root', ...VALID, ca: false, keyUsage: [0] },
  'intermediate without keyCertSign': { commonName: 'Istio CA', issuer: 'root', ...CA, keyUsage: [0, 6] },
  'root with path length 0': { commonName: 'Example Root', ...CA, pathLength: 0 },
  'intermediate below path length 0': { commonName: 'Istio CA', issuer: 'root with path length 0', ...CA },
  'intermediate for servers': { commonName: 'Istio CA', issuer: 'root', ...CA, extendedKeyUsage: [SERVER_AUTH] },
  'intermediate for example.com': { commonName: 'Istio CA', issuer: 'root', ...CA, nameConstraints: { permitted: [{ dns: 'example.com' }] } },
  'intermediate with RSA 1024': { commonName: 'Istio CA', issuer: 'root', ...CA, privateKey: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey },
};

type ListSpec = Omit<RevocationSpec, 'issuer' | 'revoked'> & { readonly issuer: string; readonly revoked?: readonly string[] };

const CURRENT = { thisUpdate: VALID.notBefore, nextUpdate: VALID.notAfter };

/** Revocation lists by the names of examples. */
const LISTS: Readonly<Record<string, ListSpec>> = {
  'revocations of root': { issuer: 'root', ...CURRENT },
  'revocations of intermediate': { issuer: 'intermediate', ...CURRENT },
  'revocations of intermediate that ended in 2025': { issuer: 'intermediate', ...CURRENT, nextUpdate: new Date('2025-12-01T00:00:00Z') },
  'revocations of root with intermediate': { issuer: 'root', ...CURRENT, revoked: ['intermediate'] },
};

const made = new Map<string, TestCertificate>();

function named(name: string): TestCertificate {
  let found = made.get(name);
  if (!found) {
    if (!Object.hasOwn(SPECS, name)) throw new Error(`an example names a certificate '${name}'; expected one of ${Object.keys(SPECS).join(', ')}`);
    const { issuer, ...spec } = SPECS[name];
    made.set(name, found = certificate({ ...spec, issuer: issuer === undefined ? undefined : named(issuer) }));
  }
  return found;
}

/** The text of an example with certificates and keys in place of their names. */
export function withCertificates(text: string): string {
  return text.replace(/"((?:<[A-Za-z0-9. ]+>)+)"/g, (_, names: string) => JSON.stringify([...names.matchAll(/<(.*?)>/g)].map(([, name]) => pemOf(name)).join('')));
}

function pemOf(name: string): string {
  if (Object.hasOwn(LISTS, name)) {
    const { issuer, revoked, ...spec } = LISTS[name];
    return revocationList({ ...spec, issuer: named(issuer), revoked: revoked?.map(named) });
  }
  return name.startsWith('key of ') ? named(name.slice('key of '.length)).keyPem : named(name).pem;
}
