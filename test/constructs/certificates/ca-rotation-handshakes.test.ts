import { App, Chart, Testing } from 'cdk8s';
import { CaRotation, CaRotationStage, CaSource, RotatingCa } from '../../../src/index';
import { newCa } from '../../support/certificates/cacerts';
import { handshake, Proxy } from '../../support/certificates/mutual-tls';
import { certificate, TestCertificate } from '../../support/certificates/x509';

const acknowledged = { iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true };
const own = certificate({ commonName: 'istiod', ca: true, keyUsage: [5, 6] });
const [old, next] = [newCa(), newCa()];

const plugged = ({ props }: typeof old) => RotatingCa.ofSource(CaSource.pem({ ...acknowledged, ...props }));

/** The files in the Secret of a stage. */
function filesOf(from: RotatingCa, stage: CaRotationStage): Record<string, string> {
  const rotation = new CaRotation(new Chart(new App(), 'test'), 'ca', { from, to: plugged(next), stage });
  const { data } = Testing.synth(Chart.of(rotation.apiObject!)).find(({ kind }) => kind === 'Secret');
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value as string, 'base64').toString()]));
}

/** The proxy's files as istiod issues them: with the mark it signs with its own CA, adds the Secret's roots, and has no chain. */
function proxyOf(files: Record<string, string>): Proxy {
  const isOwn = 'istio-generated' in files;
  const signer: TestCertificate = isOwn ? own : [old, next].find(({ props }) => props.caCert === files['ca-cert.pem'])!.intermediate;
  if (!isOwn) expect(files['ca-key.pem']).toBe(signer.keyPem);
  const leaf = certificate({ commonName: '', issuer: signer, names: [{ uri: 'spiffe://cluster.local/ns/shop/sa/web' }] });
  return {
    certificateChain: leaf.pem + (isOwn ? '' : files['cert-chain.pem']),
    privateKey: leaf.keyPem,
    roots: isOwn ? own.pem + files['root-cert.pem'] : files['root-cert.pem'],
  };
}

/** Proxies as they are before the first stage, and as each stage makes them. */
function proxiesFrom(from: RotatingCa, before: Proxy): Record<string, Proxy> {
  const stages = Object.values(CaRotationStage).map((stage) => [stage, proxyOf(filesOf(from, stage))] as const);
  return { before, ...Object.fromEntries(stages) };
}

const STARTS: [string, Record<string, Proxy>][] = [
  ['istiod\'s own CA', proxiesFrom(RotatingCa.selfSigned(own.pem), proxyOf({ 'istio-generated': '', 'root-cert.pem': '' }))],
  ['a plugged-in CA', proxiesFrom(plugged(old), proxyOf({ 'ca-cert.pem': old.props.caCert, 'ca-key.pem': old.props.caKey, 'cert-chain.pem': old.props.certChain, 'root-cert.pem': old.props.rootCert }))],
];
const NAMES = ['before', ...Object.values(CaRotationStage)];
const PAIRS = NAMES.flatMap((client, left) => NAMES.map((server, right) => [client, server, Math.abs(left - right)] as const));

describe.each(STARTS)('in a rotation from %s', (_, proxies) => {
  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('with %s', (version) => {
    test.each(PAIRS.filter(([, , distance]) => distance <= 1))('a client of stage \'%s\' connects to a server of stage \'%s\'', async (client, server) => {
      expect(await handshake(proxies[client], proxies[server], version)).toBe('ok');
    });

    test.each(PAIRS.filter(([, , distance]) => distance > 1))('a client of stage \'%s\' doesn\'t connect to a server of stage \'%s\', since another stage lies between', async (client, server) => {
      expect(await handshake(proxies[client], proxies[server], version)).toMatch(/^(?:client|server): .*(?:CERT|ISSUER|SIGN)/);
    });
  });
});

test('a rotation that skips a stage is refused', () => {
  const jump = (previousStage: CaRotationStage, stage: CaRotationStage) => () => {
    new CaRotation(new Chart(new App(), 'test'), 'ca', { from: plugged(old), to: plugged(next), stage, previousStage });
  };
  const { TRUST_BOTH, TRUST_NEW } = CaRotationStage;
  for (const [previous, stage] of [[TRUST_BOTH, TRUST_NEW], [TRUST_NEW, TRUST_BOTH]]) {
    expect(jump(previous, stage)).toThrow(`stage is '${stage}' after '${previous}'; expected 'sign-with-new' between the two`);
  }
});
