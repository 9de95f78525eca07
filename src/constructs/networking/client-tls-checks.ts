import { MutualTlsOptions } from './client-tls-options';
import { RefusalDetails, refusal } from '../../findings/refusal';
import { checkMadeBy } from '../made-by';

/** Refuses what istiod's webhook refuses (ValidateTLS), and what Istio would ignore without a word. */
export function checkTls(mode: 'SIMPLE' | 'MUTUAL', options: MutualTlsOptions): void {
  if (options.credential) checkMadeBy('ClientCredential', { field: 'credential', value: options.credential, member: '_render' }, refuse);
  if (options.credential) checkCredential(mode, options);
  else if (mode === 'MUTUAL') checkClientCertificate(options);
  if (options.insecureSkipVerify) checkNothingVerified(mode, options);
}

function checkCredential(mode: string, { credential, clientCertificate, privateKey, caCertificates, caCrl }: MutualTlsOptions): void {
  const files = givenOf({ clientCertificate, privateKey, caCertificates, caCrl });
  if (files.length > 0) {
    throw refuse({
      code: 'MTLS024',
      field: files.join(', '),
      actual: 'given together with a credential',
      expected: 'either files or a credential',
      because: 'istiod refuses both together',
      fix: 'leave out the files, and put their contents into the credential',
    });
  }
  if (mode === 'MUTUAL' && credential!._caOnly) {
    throw refuse({
      code: 'MTLS027',
      field: 'credentialName',
      actual: 'a ConfigMap with mode MUTUAL',
      expected: 'a Secret',
      because: 'Istio reads only CA certificates from a ConfigMap, and MUTUAL needs a client certificate and key',
      fix: 'use ClientCredential.secret',
    });
  }
}

function checkClientCertificate({ clientCertificate, privateKey }: MutualTlsOptions): void {
  if (clientCertificate && privateKey) return;
  throw refuse({
    code: 'MTLS023',
    field: clientCertificate ? 'privateKey' : 'clientCertificate',
    actual: 'missing, and there is no credential',
    expected: 'clientCertificate and privateKey, or a credential',
    because: 'without a certificate Istio would send no TLS at all',
    fix: "pass both files, or 'credential'; the mesh's own certificates need none of it: ClientTls.istioMutual()",
  });
}

function checkNothingVerified(mode: string, { credential, caCertificates, caCrl, subjectAltNames }: MutualTlsOptions): void {
  const verifying = givenOf({ caCertificates, caCrl, subjectAltNames, credential: mode === 'SIMPLE' ? credential : undefined });
  if (verifying.length === 0) return;
  throw refuse({
    code: 'MTLS025',
    field: 'insecureSkipVerify',
    actual: `true together with ${verifying.join(', ')}`,
    expected: 'one or the other',
    because: 'nothing would be verified by it',
    fix: "leave out 'insecureSkipVerify'",
  });
}

function givenOf(options: Record<string, unknown>): string[] {
  return Object.keys(options).filter((name) => options[name] !== undefined);
}

function refuse(details: Omit<RefusalDetails, 'kind'>): Error {
  return refusal({ kind: 'ClientTLSSettings', ...details });
}
