import { CALL_WARNINGS } from '../../../src/findings/acknowledgement';
import { Acknowledgement, Calls, MtlsAnalysis, MtlsRule, Services } from '../../../src/index';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { DeclaringShop } from '../../support/constructs/declaring-shop';

afterAll(removeFolders);

const reason = 'it is retired in March';

/** A shop in which web calls cart, and a workload with something to warn of. */
function shopWith(code: string): DeclaringShop {
  const shop = new DeclaringShop();
  const server = shop.deployment('cart');
  Calls.of(server);
  const cart = shop.service('cart', server);
  Calls.of(shop.deployment('web')).to(cart);
  const odd = shop.deployment('odd', { account: code === 'API859' ? 'web' : undefined, env: code === 'API857' ? { CART: 'http://cart.shop' } : {} });
  if (code === 'API860') Calls.of(odd).to(Services.named('bank', 'pay', 80));
  else if (code !== 'API858') Calls.of(odd);
  return shop;
}

const acknowledge = (shop: DeclaringShop, code: string, more: object = {}) => new Acknowledgement(shop.chart.node.findChild('odd'), 'known', { code: code as MtlsRule, reason, ...more });

describe.each(CALL_WARNINGS)('%s', (code) => {
  const warned = expect.stringContaining(`[${code}]`);

  test('is warned of', () => expect(shopWith(code).warnings).toEqual([warned]));

  test('is acknowledged on the workload', () => {
    const shop = shopWith(code);
    acknowledge(shop, code);
    expect(shop.warnings).toEqual([]);
  });

  test.each([['odd', []], ['other', [warned, expect.stringMatching(/^MtlsAnalysis: acknowledgements\[0\] is .*\[MTLS901\]$/)]]])('is acknowledged by options for %s', (name, expected) => {
    const shop = shopWith(code);
    MtlsAnalysis.attach(shop.app, { acknowledgements: [{ code: code as MtlsRule, kind: 'Deployment', namespace: 'shop', name, reason }] });
    expect(shop.warnings).toEqual(expected);
  });

  test('is warned of after the last day of the acknowledgement', () => {
    const shop = shopWith(code);
    acknowledge(shop, code, { expires: '2027-03-31' });
    MtlsAnalysis.attach(shop.app, { date: '2027-04-01' });
    expect(shop.warnings).toEqual([warned, expect.stringMatching(/^Deployment 'shop\/odd' \(shop\/odd\/Resource\): .*\[MTLS902\]$/)]);
  });
});

test('an acknowledgement that matches no warning is warned of', () => {
  const shop = shopWith('API858');
  acknowledge(shop, 'API859');
  expect(shop.warnings).toEqual([expect.stringContaining('[API858]'), expect.stringMatching(/an acknowledgement of API859 .*\[MTLS901\]$/)]);
});

test('the configuration file acknowledges, and is named if it does so in vain', () => {
  const entry = (name: string) => `  - {code: API858, kind: Deployment, namespace: shop, name: ${name}, reason: retired}\n`;
  const folder = folderWith({ 'istio-mtls.yaml': `acknowledgements:\n${entry('odd')}${entry('other')}` });
  const shop = shopWith('API858');
  MtlsAnalysis.attach(shop.app, { configFile: `${folder}/istio-mtls.yaml` });
  expect(shop.warnings).toEqual([expect.stringMatching(/istio-mtls\.yaml:3:\d+: .*\[MTLS901\]$/)]);
});

test('the command takes no such acknowledgement for useless', async () => {
  const shop = shopWith('API858');
  acknowledge(shop, 'API858');
  const { out } = await command(['check', '.', '--acknowledge', `API857: ${reason}`], { cwd: folderWith({ 'app.yaml': shop.app.synthYaml() }) });
  expect(out).toContain('no errors');
  expect(out).not.toContain('MTLS901');
});
