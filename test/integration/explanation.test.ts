import { MtlsAnalysis } from '../../src/index';
import { BROKEN, SOUND } from '../cli/meshes';
import { command } from '../support/command/command';

const PAY = 'apiVersion: v1\nkind: Service\nmetadata: {name: pay, namespace: shop}\nspec: {ports: [{port: 80}]}\n';
const WEB = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: []}\n';

test.each([
  ['a broken call', BROKEN, 'shop/ratings'], ['a sound one', SOUND, 'shop/ratings'], ['an undecided one', `${PAY}---\n${WEB}`, 'shop/pay'],
  ['one that depends on its namespace', BROKEN.slice(BROKEN.indexOf('---\n') + 4), 'shop/ratings'],
])('explains %s like the command', async (_, input, service) => {
  const told = MtlsAnalysis.ofYaml(input).explain('shop/web', service);
  const [{ out: json }, { out: text }] = await Promise.all([['-o', 'json'], []].map((args) => command(['explain', 'shop/web', service, '-', ...args], { input })));
  expect(told.map((one) => JSON.parse(one.json))).toEqual(JSON.parse(json).explanations);
  expect(told.map((one) => one.text).join('\n')).toBe(text);
});

test('the port selects one explanation', () => {
  expect(MtlsAnalysis.ofYaml(BROKEN).explain('shop/web', 'shop/ratings', 9080)).toEqual(MtlsAnalysis.ofYaml(BROKEN).explain('shop/web', 'shop/ratings'));
});

test('key-like texts of manifests are redacted in both', () => {
  const key = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
  const rule = `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: key, namespace: shop}\nspec: {host: ratings, trafficPolicy: {tls: {mode: ISTIO_MUTUAL, sni: ${key}}}}`;
  const [{ text, json }] = MtlsAnalysis.ofYaml(`${SOUND}\n---\n${rule}`).explain('shop/web', 'shop/ratings');
  expect([text, json].map((told) => [told.includes(key), /characters\s+not\s+shown/.test(told)])).toEqual([[false, true], [false, true]]);
});

test('refuses unknown names and ports', () => {
  expect(() => MtlsAnalysis.ofYaml(SOUND).explain('shop/web', 'shop/ratings', 1)).toThrow(/Fix: write shop\/ratings:9080\./);
  expect(() => MtlsAnalysis.ofYaml(SOUND).explain('shop/wep', 'shop/ratings')).toThrow(/Fix: write shop\/web/);
});
