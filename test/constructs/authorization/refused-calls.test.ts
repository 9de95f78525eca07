import { ApiObject, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { CallOptions, Calls, FailOn, ICallable, IMtlsReporter, MtlsAnalysis, MtlsAnalysisAttachOptions, MtlsMode, MtlsReport, Services, WorkloadOverride } from '../../../src/index';
import { DeclaringShop } from '../../support/constructs/declaring-shop';

/** The codes of what a synth says: its errors, then the warnings and infos of its analysis. */
function codesOf(shop: DeclaringShop, options: MtlsAnalysisAttachOptions = {}): string[] {
  const reports: MtlsReport[] = [];
  const reporter: IMtlsReporter = { report: (report) => reports.push(report) };
  MtlsAnalysis.attach(shop.app, { reporter, ...options });
  const refusals = shop.refusals.map((text) => /\[(\w+)\]$/.exec(text)![1]);
  return [...refusals, ...reports.flatMap(({ warnings, infos }) => [...warnings, ...infos]).map(({ code }) => code).filter((code) => /^MTLS(103|604)$/.test(code))];
}

/** A STRICT shop, and a workload `job` without a sidecar, because of its own label or its namespace, which calls Services. */
function jobCalling(calls: (cart: kplus.Service, orders: kplus.Service) => readonly [ICallable, CallOptions?][], outside = false): DeclaringShop {
  const shop = new DeclaringShop();
  shop.mesh.strict();
  let job: kplus.Deployment;
  if (outside) {
    new ApiObject(shop.chart, 'out', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'out', labels: {} } });
    job = new kplus.Deployment(shop.chart, 'outside', { metadata: { name: 'job', namespace: 'out' }, containers: [{ image: 'job:1' }] });
  } else {
    job = shop.deployment('job', { inject: 'false' });
  }
  for (const [called, options] of calls(shop.server('cart'), shop.server('orders'))) Calls.of(job).to(called, options);
  return shop;
}

describe('a client without a sidecar is told of once', () => {
  test.each([['because of its label', false], ['because of its namespace', true]])('%s, whatever it calls', (_, outside) => {
    expect(codesOf(jobCalling((cart) => [[cart]], outside))).toEqual(['API802']);
    expect(codesOf(jobCalling((cart, orders) => [[cart], [orders]], outside))).toEqual(['API802']);
  });

  test('even if a finding fails the synth', () => {
    const found = codesOf(jobCalling((cart) => [[cart]]), { failOn: [FailOn.INFO] });
    expect(found).toContain('API802');
    expect(found).not.toContain('MTLS103');
  });

  test('beside other calls of it that everybody may make', () => {
    const shop = jobCalling((cart, orders) => [[cart], [orders, { port: 80, withoutIdentity: true }]]);
    expect(codesOf(shop)).toEqual(expect.arrayContaining(['API802', 'API855']));
    expect(codesOf(shop)).toHaveLength(2);
  });

  test('with what lets a server accept it, which works', () => {
    const shop = jobCalling((cart) => [[cart, { port: 80, withoutIdentity: true }]]);
    expect(codesOf(shop)).toEqual(['API855']);
    expect(shop.refusals).toEqual([expect.stringMatching(/is broken, .* Fix: change the objects that decide: let the server accept plaintext, with a WorkloadOverride with mode PERMISSIVE for the port\. \[API855\]$/)]);
    new WorkloadOverride(shop.chart, 'cart-open', { workload: shop.chart.node.findChild('cart') as kplus.Deployment, ports: [{ port: 8080, mode: MtlsMode.PERMISSIVE }] });
    expect(codesOf(shop)).toEqual([]);
  });
});

describe('findings about clients stay', () => {
  test('if the analysis judges calls that aren\'t declared', () => {
    expect(codesOf(jobCalling((cart) => [[cart]]), { allCalls: true })).toEqual(['API802', 'MTLS103']);
  });

  test('of a namespace with a client that declares nothing', () => {
    const shop = jobCalling((cart) => [[cart]], true);
    new kplus.Deployment(shop.chart, 'free', { metadata: { name: 'free', namespace: 'out' }, containers: [{ image: 'free:1' }] });
    expect(codesOf(shop)).toEqual(['API802', 'MTLS103']);
  });

  test('of an annotation that is misplaced, beside declared calls without a mistake', () => {
    const shop = new DeclaringShop();
    const web = shop.deployment('web');
    ApiObject.of(web).addJsonPatch(JsonPatch.add('/spec/template/metadata/annotations', { 'calls.istio-mtls/to': 'shop/other' }));
    Calls.of(web).to(shop.server('cart'));
    expect(codesOf(shop)).toEqual(['MTLS604']);
  });

  test('of an annotation with a mistake of its own', () => {
    const shop = new DeclaringShop();
    shop.server('cart');
    const web = shop.deployment('web');
    Calls.of(web).to(Services.named('shop', 'carte', 80));
    expect(codesOf(shop)).toEqual(['API855']);
    ApiObject.of(web).metadata.addAnnotation('calls.istio-mtls/to', 'shop/carte:80, shop/catr');
    expect(codesOf(shop)).toEqual(['API855', 'MTLS604']);
  });
});
