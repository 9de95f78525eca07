import { gatesOf } from '../../../src/changes/gates';
import { diffOf } from '../../../src/mesh/compare/diff';
import { objectText } from '../../../src/mesh/inventory/object';
import { deployment, injected, mesh, service, serviceEntry, virtualService } from '../../support/meshes/mesh';

const entry = (name: string, host: string, ...addresses: string[]) => serviceEntry(name, {
  hosts: [host],
  location: 'MESH_EXTERNAL',
  resolution: 'STATIC',
  ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
  endpoints: addresses.map((address) => ({ address })),
});

const route = (host: string) => virtualService('evil/steal', { hosts: ['api.example.com'], http: [{ route: [{ destination: { host } }] }] });

const withAddresses = (...addresses: string[]) => [
  injected('shop', 'evil'), deployment('shop/web'), entry('shop/api', 'api.example.com', ...addresses), entry('evil/other', 'other.example.com', '198.51.100.9'),
  deployment('evil/bad', { ports: [{ containerPort: 80 }] }), service('evil/bad', ['http:80']), service('evil/elsewhere', ['http:80'], { selector: undefined }),
].flat();

const OLD = withAddresses('198.51.100.1');

/** `1 lost plaintext → gone by …: gates`, of the calls to one host. */
function told(before: unknown[], after: readonly unknown[]): string[] {
  const { groups, withoutEffect } = diffOf(mesh(before), after);
  expect(withoutEffect).toEqual([]);
  return groups.map(({ count, kind, from, to, taker }) =>
    `${count} ${kind} ${from} → ${to ?? 'gone'}${taker ? ` by ${objectText(taker)}` : ''}: ${gatesOf({ kind, from, to, taker }).join()}`);
}

test.each([
  ['another ServiceEntry', 'other.example.com',
    ['1 lost plaintext → gone by VirtualService evil/steal: lost', '1 rerouted plaintext → gone: rerouted']],
  ['a Service of its own', 'bad.evil.svc.cluster.local',
    ['1 changed plaintext → mtls by VirtualService evil/steal: lost', '1 rerouted plaintext → gone: rerouted']],
  ['a Service without selector', 'elsewhere.evil.svc.cluster.local',
    ['1 changed plaintext → undecided by VirtualService evil/steal: new-undecided,unknown-effect', '1 changed plaintext → undecided: new-undecided,unknown-effect']],
])('a route of another namespace that leads a host\'s calls to %s takes them over', (_, host, lines) => {
  expect(told(OLD, [...OLD, route(host)]).sort()).toEqual(lines.sort());
});

test('calls that reach another address of the same host are rerouted, in whatever order the addresses stand', () => {
  expect(told(OLD, withAddresses('198.51.100.2'))).toEqual(['2 rerouted plaintext → gone: rerouted']);
  expect(told(OLD, withAddresses('198.51.100.1', '198.51.100.2'))).toEqual(['2 rerouted plaintext → gone: rerouted']);
  const [one, other] = [['198.51.100.1', '198.51.100.2'], ['198.51.100.2', '198.51.100.1']].map((addresses) => withAddresses(...addresses));
  expect(diffOf(mesh(one), other).groups).toEqual([]);
});

test('another entry for the host reroutes the clients that read it', () => {
  expect(told(OLD, [...OLD, entry('evil/api', 'api.example.com', '198.51.100.66')])).toEqual(['1 rerouted plaintext → gone: rerouted']);
});

test('what was broken isn\'t lost to another namespace', () => {
  const gates = (from: 'broken' | 'plaintext') => gatesOf({ kind: 'changed', from, to: 'mtls', taker: mesh(OLD).workloads[0].object });
  expect([gates('broken'), gates('plaintext')]).toEqual([[], ['lost']]);
});
