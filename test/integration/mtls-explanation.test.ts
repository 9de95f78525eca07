import { MtlsAnalysis } from '../../src/index';
import { BROKEN, SOUND } from '../cli/meshes';
import { command } from '../support/command/command';

test('a broken call is explained, with what its caller sees and what mends it', () => {
  const [{ client, identity, host, port, service, resolves, protocol, signer, connections }] = MtlsAnalysis.ofYaml(BROKEN).explain('shop/web', 'shop/ratings', 9080);
  expect([client.name, identity, host, port, service.kind, resolves, protocol, signer])
    .toEqual(['web', 'spiffe://cluster.local/ns/shop/sa/default', 'ratings.shop.svc.cluster.local', 9080, 'Service', 'cluster-ip', connections[0].server!.protocol, undefined]);
  const [{ connection, outbound, rules, handshake, server, failure, rule, fix, mending, waitsFor }] = connections;
  expect([connection.outcome, connection.serverMode]).toEqual(['broken', 'STRICT']);
  expect(outbound.map(({ cluster }) => cluster)).toContain('outbound|9080||ratings.shop.svc.cluster.local');
  expect([rules.map(({ verdict }) => verdict), handshake, server!.inbound, server!.policies.map(({ verdict }) => verdict)]).toEqual([['applies'], undefined, [], ['decides']]);
  expect(failure).toMatchObject({ kind: 'plaintext-to-strict', http: { status: '503', flags: ['UC'], serverFlags: ['NR'] } });
  expect([rule, typeof fix, waitsFor]).toEqual(['MTLS101', 'string', []]);
  expect(mending).toMatchObject({ outcome: 'mtls', spares: true, fix: expect.stringContaining('spec.trafficPolicy'), yaml: expect.stringContaining('kind: DestinationRule') });
  expect([mending!.code.length > 0, mending!.change.kind]).toEqual([true, 'DestinationRule']);
});

test('a sound one has nothing to mend, and both halves of the TLS', () => {
  const [{ connections: [{ handshake, server, failure, mending }] }] = MtlsAnalysis.ofYaml(SOUND).explain('shop/web', 'ratings.shop.svc.cluster.local');
  expect([handshake!.sni, handshake!.versions, handshake!.names]).toEqual(['outbound_.9080_._.ratings.shop.svc.cluster.local', ['TLSv1_2', 'TLSv1_3'], [server!.identity]]);
  expect([server!.versions, failure, mending]).toEqual([['TLSv1_2', 'TLSv1_3'], undefined, undefined]);
});

test('an undecided one says what it waits for', () => {
  const text = 'apiVersion: v1\nkind: Service\nmetadata: {name: pay, namespace: shop}\nspec: {ports: [{port: 80}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: []}';
  expect(MtlsAnalysis.ofYaml(text).explain('shop/web', 'shop/pay')[0].connections[0].waitsFor[0]).toMatch(/^waits? for /);
});

const PAY = 'apiVersion: v1\nkind: Service\nmetadata: {name: pay, namespace: shop}\nspec: {ports: [{port: 80}]}\n';
const WEB = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: []}\n';

test.each([['a broken call', BROKEN, 'shop/ratings'], ['a sound one', SOUND, 'shop/ratings'], ['an undecided one', `${PAY}---\n${WEB}`, 'shop/pay']])('%s is told as the command tells it', async (_, text, service) => {
  const { out } = await command(['explain', 'shop/web', service, '-', '-o', 'json'], { input: text });
  const [{ call, connections: [{ kinds, route, tlsBy, server, advice, waitsFor = [] }] }] = JSON.parse(out).explanations;
  const [explanation] = MtlsAnalysis.ofYaml(text).explain('shop/web', service);
  const [told] = explanation.connections;
  expect([explanation.kinds, told.kinds, told.route, told.tlsBy, told.ruleTitle]).toEqual([call.kinds, kinds, route, tlsBy, advice?.rule?.title]);
  const { object, address, port, mode, obstacle, level, authorizationPolicies } = server ?? {};
  expect(told.server ?? {}).toMatchObject(JSON.parse(JSON.stringify({ object, address, port, mode, obstacle, level, authorizationPolicies })));
  expect(told.awaitedFacts!.map(({ need, subject, message, outcome }) => [need, subject, message, outcome]))
    .toEqual(waitsFor.map(({ need, subject, words, telling }: any) => [need, subject, words, telling?.outcome]));
});

test('what isn\'t there is refused', () => {
  expect(() => MtlsAnalysis.ofYaml(SOUND).explain('shop/web', 'shop/ratings', 1)).toThrow(/Fix: write shop\/ratings:9080\./);
  expect(() => MtlsAnalysis.ofYaml(SOUND).explain('shop/wep', 'shop/ratings')).toThrow(/Fix: write shop\/web/);
});
