import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Testing } from 'cdk8s';
import { CaSource, CustomCa } from '../../../src/index';
import { newCa } from '../../support/certificates/cacerts';
import { certificate, TestCertificate } from '../../support/certificates/x509';
import { chartIn, synth } from '../../support/constructs/charts';

const acknowledged = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };
const { props, crl } = newCa();
const DATA = { 'ca-cert.pem': props.caCert, 'ca-key.pem': props.caKey, 'cert-chain.pem': props.certChain, 'root-cert.pem': props.rootCert };

/** The objects of the CA's own chart, and those of the parent chart. */
function emit(source: CaSource, chart: Chart = chartIn()): { own: any[]; around: any[] } {
  const ca = new CustomCa(chart, 'ca', { source });
  return { own: Testing.synth(Chart.of(ca.apiObject!)), around: synth(chart) };
}

function decoded(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

describe('a CA in PEM', () => {
  test('is one Secret cacerts with the keys that istiod reads, in a chart of its own', () => {
    const { own: [{ data, ...secret }, ...others], around } = emit(CaSource.pem({ ...acknowledged, ...props }));
    expect(secret).toEqual({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, type: 'Opaque' });
    expect(decoded(data)).toEqual(DATA);
    expect(Object.keys(data)).toEqual(Object.keys(DATA));
    expect([others, around]).toEqual([[], []]);
  });

  test('may have revocation lists', () => {
    const { own: [{ data }] } = emit(CaSource.pem({ ...acknowledged, ...props, crl }));
    expect(decoded(data)).toEqual({ ...DATA, 'ca-crl.pem': crl });
  });

  test('has the labels of its parent chart', () => {
    const { own: [secret] } = emit(CaSource.pem({ ...acknowledged, ...props }), new Chart(new App(), 'test', { labels: { team: 'platform' } }));
    expect(secret.metadata.labels).toEqual({ team: 'platform' });
  });

  test.each([false, undefined, 'true', 1])('is refused if the acknowledgement is %p instead of true', (value) => {
    const iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest = value as boolean;
    expect(() => emit(CaSource.pem({ ...props, iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest }))).toThrow(
      "Secret 'istio-system/cacerts' (test/ca): iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest is not true; expected true, because the CA's private key would be in the manifest, unencrypted. Fix: use CaSource.certManager, externalSecret or sealedSecret, or set 'iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest' to true. [API071]",
    );
  });

  test('refuses swapped texts', () => {
    expect(() => emit(CaSource.pem({ ...acknowledged, ...props, caCert: props.caKey, caKey: props.caCert }))).toThrow(
      /ca-cert\.pem is text with a private key; expected PEM blocks 'CERTIFICATE' and nothing else.*\[API074\]/,
    );
  });
});

describe('a CA in PEM files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'custom-ca-'));
  const file = (name: string) => join(folder, name);
  const files = { ...acknowledged, caCertFile: file('ca-cert.pem'), caKeyFile: file('ca-key.pem'), rootCertFile: file('root-cert.pem'), certChainFile: file('cert-chain.pem') };

  beforeAll(() => {
    for (const [key, text] of Object.entries({ ...DATA, 'ca-crl.pem': crl })) writeFileSync(file(key), text);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is the Secret of their texts', () => {
    const { own: [{ data }] } = emit(CaSource.pemFiles(files));
    expect(decoded(data)).toEqual(DATA);
    expect(readFileSync(files.caKeyFile, 'utf8')).toBe(props.caKey);
  });

  test('may have revocation lists', () => {
    const { own: [{ data }] } = emit(CaSource.pemFiles({ ...files, crlFile: file('ca-crl.pem') }));
    expect(decoded(data)).toEqual({ ...DATA, 'ca-crl.pem': crl });
  });

  test('needs the acknowledgement before it reads anything', () => {
    expect(() => emit(CaSource.pemFiles({ ...files, caKeyFile: '/nowhere', iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: false }))).toThrow('[API071]');
  });

  test.each([
    ['a missing file', '/nowhere/ca-key.pem', 'ENOENT'], ['a folder', folder, 'EISDIR'], ['an empty path', '', 'ENOENT'], ['no path', undefined, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %s as the private key, without printing the path', (_, caKeyFile, code) => {
    expect(() => emit(CaSource.pemFiles({ ...files, caKeyFile: caKeyFile as string }))).toThrow(
      `(test/ca): caKeyFile is a path that can't be read (${code}); expected the path of a PEM file. Fix: correct 'caKeyFile', or pass texts to CaSource.pem. [API077]`,
    );
  });
});

describe('a CA with which istiod would not start', () => {
  const root = certificate({ commonName: 'root', ca: true });
  const ofLeaf = certificate({ commonName: 'leaf', issuer: root, ca: false });
  const ended = certificate({ commonName: 'ended', issuer: root, ca: true, notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') });
  const pem = (own: TestCertificate, rootCert = root.pem) => CaSource.pem({
    ...acknowledged, caCert: own.pem, caKey: own.keyPem, rootCert, certChain: own.pem,
  });

  test('is refused', () => {
    expect(() => emit(pem(ofLeaf))).toThrow(
      "Secret 'istio-system/cacerts' (test/ca): ca-cert.pem is CN=leaf, which isn't a CA; expected certificates with basic constraints CA:TRUE, because istiod doesn't start: "
      + 'no certificate that it signs with it is valid. Fix: put the certificate of an intermediate CA here, with its private key. [MTLS704]',
    );
    expect(() => emit(pem(ended, props.rootCert))).toThrow(/^Secret .*ca-cert\.pem is CN=ended, whose issuer CN=root.*\[MTLS706\]$|its key is different/);
  });

  test('is accepted at any date', () => {
    expect(emit(pem(ended)).own).toHaveLength(1);
  });
});
