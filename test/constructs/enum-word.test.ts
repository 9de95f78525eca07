import { CaSource, CustomCa, Destination, MeshMtls, MtlsMode, NamespaceOverride, WorkloadOverride } from '../../src/index';
import { sealedValue } from '../support/cacerts';
import { chartIn } from '../support/charts';

const WORDS = 'expected one of STRICT, PERMISSIVE, DISABLE, UNSET';
const labels = { app: 'ratings' };

describe('a mode that is none is refused, as JavaScript may pass it:', () => {
  test.each<[unknown, string, string]>([
    [undefined, 'missing', 'pass one of these'],
    [null, 'missing', 'pass one of these'],
    ['strict', "'strict'", "write 'STRICT'"],
    ['', 'no such word', 'pass one of these'],
    [3, 'no such word', 'pass one of these'],
    ['-----BEGIN PRIVATE KEY-----', 'no such word', 'pass one of these'],
  ])('%j', (mode: any, actual, fix) => {
    for (const refused of [() => new MeshMtls(chartIn(), 'x', { mode }), () => new NamespaceOverride(chartIn('shop'), 'x', { mode })]) {
      expect(refused).toThrow(`PeerAuthentication (test/x): mtls.mode is ${actual}; ${WORDS}, because`);
      expect(refused).toThrow(`Fix: ${fix}. [MTLS016]`);
    }
  });

  test('for a workload or a port', () => {
    const mode = 'strict' as any;
    expect(() => new WorkloadOverride(chartIn('shop'), 'x', { labels, mode })).toThrow("mtls.mode is 'strict'");
    expect(() => new WorkloadOverride(chartIn('shop'), 'x', { labels, ports: [{ port: 80, mode }] })).toThrow("portLevelMtls.80.mode is 'strict'");
    expect(() => new WorkloadOverride(chartIn('shop'), 'x', { labels, mode: MtlsMode.STRICT, ports: [{ port: 80 } as any] })).toThrow('portLevelMtls.80.mode is missing');
  });
});

describe('so is a word of another enum that is none:', () => {
  const certManager = (props: object) => CaSource.certManager({ issuer: 'root', ...props });
  const sealed = Object.fromEntries(['tls.crt', 'tls.key', 'ca.crt'].map((key) => [key, sealedValue()]));

  test('of a connection pool', () => {
    expect(() => new Destination(chartIn('shop'), 'x', { host: 'a', connectionPool: { http: { h2UpgradePolicy: 'upgrade' as any } } }))
      .toThrow(/connectionPool.http.h2UpgradePolicy is 'upgrade'; expected one of DEFAULT, DO_NOT_UPGRADE, UPGRADE.*Fix: write 'UPGRADE'. \[MTLS016\]/);
  });

  test.each([
    ['privateKey.algorithm', certManager({ privateKeyAlgorithm: 'Ed25519' })],
    ['privateKey.rotationPolicy', certManager({ rotationPolicy: 'sometimes' })],
    ['scope', CaSource.sealedSecret({ encryptedData: sealed, scope: 'everywhere' as any })],
  ])('%s of a CA', (field, source) => {
    expect(() => new CustomCa(chartIn(), 'x', { source })).toThrow(new RegExp(`cacerts' \\(test/x\\): ${field} is '.*'; expected one of .*\\[MTLS016\\]`));
  });
});
