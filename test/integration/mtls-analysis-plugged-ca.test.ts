import { App, Chart } from 'cdk8s';
import { CaSource, CustomCa, MtlsAnalysis } from '../../src/index';
import { newCa } from '../support/certificates/cacerts';
import { bodyOf, shows } from '../support/certificates/leaks';
import { certificate } from '../support/certificates/x509';

const { root, props } = newCa();

function findingsOf(source: CaSource, date: string) {
  const app = new App();
  new CustomCa(new Chart(app, 'platform'), 'ca', { source });
  return MtlsAnalysis.of(app, { date }).findings;
}

test('checks certificates of a CustomCa at the date of the analysis', () => {
  const own = certificate({ commonName: 'ended', issuer: root, ca: true, notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2026-02-01T00:00:00Z') });
  const source = () => CaSource.pem({
    iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true, caCert: own.pem, caKey: own.keyPem, rootCert: root.pem, certChain: own.pem + root.pem,
  });
  const found = findingsOf(source(), '2026-03-01');
  expect(found.map(({ code, field }) => [code, field])).toContainEqual(['MTLS702', 'data[ca-cert.pem]']);
  expect(shows(JSON.stringify(found), bodyOf(own.keyPem))).toBe(false);
});

test('a valid CustomCa has no findings', () => {
  const source = CaSource.pem({ iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true, ...props });
  expect(findingsOf(source, new Date().toISOString().slice(0, 10))).toEqual([]);
});
