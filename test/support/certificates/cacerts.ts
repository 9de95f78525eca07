import { certificate, revocationList, TestCertificate } from './x509';

/** A root and an intermediate that istiod could sign with, made anew. */
export interface TestCa {
  readonly root: TestCertificate;
  readonly intermediate: TestCertificate;
  /** A revocation list of each, for `ca-crl.pem`. */
  readonly crl: string;
  /** The four texts of Secret `cacerts`, by the props of CaSource.pem. */
  readonly props: { readonly caCert: string; readonly caKey: string; readonly rootCert: string; readonly certChain: string };
}

const CERT_SIGN = [5, 6];

export function newCa(): TestCa {
  const root = certificate({ commonName: 'root', ca: true, keyUsage: CERT_SIGN });
  const intermediate = certificate({ commonName: 'istiod-ca', issuer: root, ca: true, pathLength: 0, keyUsage: CERT_SIGN });
  const props = { caCert: intermediate.pem, caKey: intermediate.keyPem, rootCert: root.pem, certChain: intermediate.pem + root.pem };
  const crl = [intermediate, root].map((issuer) => revocationList({ issuer })).join('');
  return { root, intermediate, crl, props };
}

/** An empty value as kubeseal writes it. */
export function sealedValue(rsaBytes = 512): string {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(rsaBytes);
  return Buffer.concat([length, Buffer.alloc(rsaBytes, 0x5a), Buffer.alloc(64, 0xa5)]).toString('base64');
}
