import { isNoWorse } from '../../../src/mesh/change/no-worse';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, serviceEntry, tls, toHost, virtualService } from '../../support/mesh';

const base = [...injected('a', 'b'), namespace('plain'), deployment('a/web'), deployment('plain/job'), deployment('b/srv'), service('b/srv', ['http:80'])];
const strict = peerAuthentication('b/p', mode('STRICT'));
const rule = (sent: string) => destinationRule('b/srv', { host: 'srv', ...tls(sent) });
const elsewhere = (subset?: string) => virtualService('b/srv', { hosts: ['srv'], http: [toHost('other', { subset })] });
const other = [deployment('b/other'), service('b/other', ['http:80'])];
const unread = { labels: { 'istio-injection': 'enabled' } };

test.each<[string, unknown[], unknown[], boolean]>([
  ['the same mesh', base, base, true],
  ['mutual TLS instead of plaintext', [...base, rule('DISABLE')], base, true],
  ['plaintext instead of mutual TLS', base, [...base, rule('DISABLE')], false],
  ['one client\'s calls broken', base, [...base, strict], false],
  ['one client\'s calls mended', [...base, strict], base, true],
  ['broken calls of another kind', [...base, strict, rule('SIMPLE')], [...base, strict, rule('DISABLE')], true],
  ['calls that go elsewhere', [...base, ...other], [...base, ...other, elsewhere()], true],
  ['calls that go nowhere', [...base, ...other], [...base, ...other, elsewhere('v1')], false],
  ['calls that can\'t be made any more', base, base.filter((object: any) => object.kind !== 'Service'), false],
  ['calls that are undecided', base, base.map((object: any) => (object.metadata.name === 'b' ? { ...namespace('x'), ...unread } : object)), false],
  ['undecided calls that become plaintext', base.filter((object: any) => object.metadata.name !== 'b'), base, true],
  ['more calls', base, [...base, serviceEntry('b/e', { hosts: ['e.example.com'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' })], true],
])('%s: %#', (_, before, after, expected) => {
  expect(isNoWorse(mesh(after.flat()), mesh(before.flat()))).toBe(expected);
});
