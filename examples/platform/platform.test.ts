import { App, Chart, Testing } from 'cdk8s';
import { ClientTls, Destination, MtlsAnalysis } from 'cdk8s-istio-mtls';
import { DEV, Environment, PROD } from './environment';

const app = new App({ outdir: 'unused' });
const [dev, prod] = [new Environment(app, 'dev', DEV), new Environment(app, 'prod', PROD)];

const modesIn = (chart: Chart) => Testing.synth(chart).filter(({ kind, spec }) => kind === 'PeerAuthentication' && !spec.selector).map(({ spec }) => spec.mtls.mode);

test('payments is STRICT, and so is the shop of dev', () => {
  expect([dev, prod].flatMap(({ payments }) => modesIn(payments))).toEqual([]);
  expect([modesIn(dev.shop), modesIn(prod.shop)]).toEqual([[], ['PERMISSIVE']]);
});

test('no mesh has findings', () => {
  for (const environment of [dev, prod]) expect(MtlsAnalysis.of(environment).findings).toEqual([]);
});

test('what breaks dev leaves prod as it is', () => {
  const broken = new Destination(dev.shop, 'broken', { host: 'cart', tls: ClientTls.disable() });
  expect(MtlsAnalysis.of(dev).findings.map(({ code }) => code)).toContain('MTLS101');
  expect(MtlsAnalysis.of(prod).findings).toEqual([]);
  dev.shop.node.tryRemoveChild(broken.node.id);
});
