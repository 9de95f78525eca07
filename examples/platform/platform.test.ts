import { App, Testing } from 'cdk8s';
import { MtlsAnalysis } from 'cdk8s-istio-mtls';
import { Payments } from './payments';
import { Platform } from './platform';
import { Shop } from './shop';

const app = new App({ outdir: 'unused' });
new Platform(app, 'platform');
const payments = new Payments(app, 'payments');
const shop = new Shop(app, 'shop', { charge: payments.charge });

test('payments is STRICT', () => {
  const policies = Testing.synth(payments).filter(({ kind }) => kind === 'PeerAuthentication');
  expect(policies.map(({ spec }) => spec.mtls.mode)).not.toContain('PERMISSIVE');
});

test('shop still takes plaintext', () => {
  const modes = Testing.synth(shop).filter(({ kind, spec }) => kind === 'PeerAuthentication' && !spec.selector).map(({ spec }) => spec.mtls.mode);
  expect(modes).toEqual(['PERMISSIVE']);
});

test('the mesh has no errors', () => {
  const { findings } = MtlsAnalysis.of(app);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});
