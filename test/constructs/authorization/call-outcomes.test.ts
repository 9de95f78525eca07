import { CallOptions, Caller, Calls, ExternalProtocol, ExternalService, FailOn, MtlsAnalysis, Services } from '../../../src/index';
import { DeclaringShop } from '../../support/constructs/declaring-shop';

describe('a Service of another app', () => {
  const [NAMESPACE, SERVICE, WORKLOAD] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bank', labels: { 'istio-injection': 'enabled' } } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'pay', namespace: 'bank' }, spec: { ports: [{ port: 80, name: 'http' }], selector: { app: 'pay' } } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pay', namespace: 'bank', labels: { app: 'pay' } }, spec: { containers: [{ name: 'pay', image: 'pay:1' }] } },
  ].map((object) => JSON.stringify(object));
  const PLAIN = JSON.stringify({ apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'pay', namespace: 'bank' }, spec: { host: 'pay', trafficPolicy: { tls: { mode: 'DISABLE' } } } });

  function calling(options?: CallOptions): DeclaringShop {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(Services.named('bank', 'pay', 80), options);
    return shop;
  }

  test('is annotated, without a policy, and warned of if nothing shows it', () => {
    const shop = calling({ port: 80 });
    expect(shop.annotationOf('web')).toBe('bank/pay:80');
    expect(shop.objects.map(({ kind }) => kind)).not.toContain('AuthorizationPolicy');
    expect(shop.warnings).toEqual([
      'Calls (shop/web/Resource): to(bank/pay:80) is undecided: neither the app nor the facts of its analysis contain the Service; expected a call that is decided, because it may be '
      + 'plaintext or broken. Fix: pass the Service, the workload behind it and their Namespace as \'facts\' to MtlsAnalysis.attach. [API860]',
    ]);
  });

  test('is suggested in a namespace with a similar name that has it', () => {
    const shop = new DeclaringShop();
    shop.server('cart');
    Calls.of(shop.deployment('web')).to(Services.named('shpo', 'cart', 80)).to(Services.named('shpo', 'other', 80)).to(Services.named('bank', 'cart', 80));
    expect(shop.warnings.map((text) => / Fix: (.*) 'facts' .*\[API860\]$/.exec(text)![1])).toEqual([
      'write shop/cart:80 if that is meant; otherwise pass the Service, the workload behind it and their Namespace as',
      'pass the Service, the workload behind it and their Namespace as', 'pass the Service, the workload behind it and their Namespace as',
    ]);
  });

  test('fails with FailOn.UNDECIDED if nothing shows it', () => {
    const shop = calling();
    MtlsAnalysis.attach(shop.app, { failOn: [FailOn.UNDECIDED] });
    expect(shop.refusals).toEqual([expect.stringMatching(/to\(bank\/pay:80\) is undecided: .*\[API860\]$/)]);
  });

  test.each<[string, string[], RegExp[]]>([
    ['mutual TLS', [NAMESPACE, SERVICE, WORKLOAD], []],
    ['plaintext', [NAMESPACE, SERVICE, WORKLOAD, PLAIN], [/is 1 of 1 connection is plaintext, .*\[API855\]$/]],
    ['undecided without its workload', [NAMESPACE, SERVICE], [/is undecided: nothing in the manifests serves the port .*Fix: pass the Service, the workload .*\[API855\]$/]],
    ['an error on another port', [NAMESPACE, SERVICE.replace('80', '81'), WORKLOAD], [/to\(bank\/pay:80\) is for a port that the Service lacks; expected mutual TLS\. Fix: write bank\/pay:81\. \[API855\]$/]],
    ['an error for UDP', [NAMESPACE, SERVICE.replace('80,', '80,"protocol":"UDP",'), WORKLOAD], [/to\(bank\/pay:80\) is for 80\/UDP, which isn't TCP; expected mutual TLS\. .*\[API855\]$/]],
    ['an error in a namespace whose Services are known', [NAMESPACE, SERVICE.replace('pay', 'other')], [/to\(bank\/pay:80\) is not among these manifests; expected mutual TLS\. Fix: .*\[API855\]$/]],
  ])('with facts is %s', (_, facts, refusals) => {
    const shop = calling();
    MtlsAnalysis.attach(shop.app, { facts });
    expect(shop.refusals.filter((message) => /API8/.test(message))).toEqual(refusals.map((one) => expect.stringMatching(one)));
  });

  test('is called on the port that is named, unless an option names another one', () => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(Services.named('bank', 'pay', 443)).to(Services.named('bank', 'pay', 443), { port: 8443 });
    expect(shop.annotationOf('web')).toBe('bank/pay:443, bank/pay:8443');
  });

  test('can\'t be called by callers outside the app, and neither can an external host', () => {
    const shop = new DeclaringShop();
    const calls = Calls.by(Caller.namespace('reports'));
    expect(() => calls.to(Services.named('bank', 'pay', 80))).toThrow(/^Calls: to is Service bank\/pay, which isn't in the app; expected a Service of the app, .*\[API861\]$/);
    const bank = new ExternalService(shop.chart, 'bank', { hosts: ['bank.example'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }] });
    expect(() => calls.to(bank)).toThrow(/to is external host bank\.example; .*\[API861\]$/);
  });
});
