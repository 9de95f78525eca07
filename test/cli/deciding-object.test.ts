// Of several DestinationRules for a host, every verb names the one that sets the TLS mode.
import { join } from 'node:path';
import { command } from '../support/command/command';
import { folderWith } from '../support/command/scratch';
import { deployment, destinationRule, injected, mesh, mode, peerAuthentication, service, tls, toHost, virtualService } from '../support/meshes/mesh';

const CLIENT = deployment('shop/client');
const SERVED = [...injected('shop'), CLIENT, deployment('shop/db'), service('shop/db', ['http:80']), peerAuthentication('shop/strict', mode('STRICT'))];
const ROUTE = virtualService('shop/route', { hosts: ['db'], http: [toHost('db', { subset: 'v1' })] });
const BALANCED = destinationRule('shop/a', { host: 'db', trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } });
const ofSubset = (settings: object) => destinationRule('shop/b', { host: 'db', subsets: [{ name: 'v1', trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, ...settings }] } }] });

const text = (objects: unknown[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

test.each([
  ['connections', ['connections']],
  ['check', ['check']],
  ['explain', ['explain', 'shop/client', 'shop/db:80']],
])('%s names the rule that decides, and no other', async (_, args) => {
  const { out } = await command([...args, '-'], { input: text([...SERVED, ROUTE, BALANCED, ofSubset({ tls: { mode: 'DISABLE' } })]) });
  expect(out).toContain('shop/b');
  expect(out.split('\n').filter((line) => line.includes('shop/a') && !line.includes('merged') && !line.includes('applies'))).toEqual([]);
});

test('diff names the rule that decides, and no other', async () => {
  const former = [...SERVED, ROUTE, BALANCED];
  const folder = folderWith({ 'before.yaml': text([...former, ofSubset({ tls: { mode: 'ISTIO_MUTUAL' } })]), 'after.yaml': text([...former, ofSubset({ tls: { mode: 'DISABLE' } })]) });
  const { out } = await command(['diff', ...['before.yaml', 'after.yaml'].map((name) => join(folder, name))]);
  expect(out).toContain('DestinationRule shop/b');
  expect(out).not.toContain('DestinationRule shop/a');
});

test('missing facts name the rule with the certificates', () => {
  const own = ofSubset(tls('MUTUAL', { clientCertificate: '/c.pem', privateKey: '/k.pem' }).trafficPolicy);
  const facts = mesh([...SERVED, ROUTE, BALANCED, own]).missingFacts();
  expect(facts.map(({ need, subject }) => [need, subject])).toEqual([['certificates', 'shop/b']]);
});
