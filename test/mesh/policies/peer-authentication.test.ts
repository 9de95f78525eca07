import { readObject } from '../../../src/mesh/inventory/object';
import { PeerPolicies, readPeerPolicy } from '../../../src/mesh/policies/peer-authentication';
import { mode, peerAuthentication } from '../../support/meshes/mesh';

const policies = (...objects: unknown[]) => new PeerPolicies(objects.map((object) => readPeerPolicy(readObject(object)!)), 'root');
const names = (found: readonly { readonly object: { readonly name: string } }[]) => found.map(({ object }) => object.name);
const workload = { namespace: 'a', labels: { app: 'x' } };
const forX = { selector: { matchLabels: { app: 'x' } } };

test('lists overridden policies, and those that never apply', () => {
  const all = policies(peerAuthentication('root/m1', {}), peerAuthentication('root/m2', {}), peerAuthentication('root/s', forX),
    peerAuthentication('a/n1', {}), peerAuthentication('a/n2', {}), peerAuthentication('a/w1', forX), peerAuthentication('a/w2', forX));
  expect(all.mesh.winner!.object.name).toBe('m1');
  expect(names(all.mesh.losers)).toEqual(['m2']);
  expect(names(all.ignored)).toEqual(['s']);
  expect(names(all.ofNamespace('a').losers)).toEqual(['n2']);
  expect(names(all.ofWorkload(workload).losers)).toEqual(['w2']);
  expect(all.ofWorkload(workload)).toBe(all.ofWorkload(workload));
});

test('lists the conflicts of policies for whole namespaces, including the root namespace', () => {
  const { wide } = policies(peerAuthentication('root/m', {}), peerAuthentication('a/n1', {}), peerAuthentication('a/n2', {}), peerAuthentication('a/w', forX));
  expect(wide.map(({ winner, losers }) => [winner!.object.name, names(losers)])).toEqual([['m', []], ['n1', ['n2']]]);
});

test('the root namespace\'s only policy is the mesh\'s', () => {
  expect(policies(peerAuthentication('root/m', mode('STRICT'))).ofNamespace('root').winner).toBeUndefined();
});

test('without policies there are no conflicts', () => {
  const none = policies();
  expect([none.mesh, none.ofNamespace('a'), none.ofWorkload(workload)]).toEqual([{ losers: [] }, { losers: [] }, { losers: [] }]);
  const others = policies(peerAuthentication('a/w', { selector: { matchLabels: { app: 'y' } } }));
  expect(others.ofWorkload(workload)).toEqual({ losers: [] });
});

test.each([
  ['no policy', [], undefined],
  ['the mesh STRICT', [peerAuthentication('root/m', mode('STRICT'))], undefined],
  ['the mesh DISABLE', [peerAuthentication('root/m', mode('DISABLE'))], 'm'],
  ['the mesh without a mode', [peerAuthentication('root/m', {})], undefined],
  ['the mesh DISABLE under another namespace policy', [peerAuthentication('root/m', mode('DISABLE')), peerAuthentication('a/n', mode('STRICT'))], undefined],
  ['the mesh STRICT under another namespace policy', [peerAuthentication('root/m', mode('STRICT')), peerAuthentication('a/n', mode('DISABLE'))], 'n'],
  ['the mesh DISABLE under an inheriting policy', [peerAuthentication('root/m', mode('DISABLE')), peerAuthentication('a/n', {})], 'm'],
  ['a namespace policy without a mode', [peerAuthentication('a/n', {})], undefined],
  ['a workload policy', [peerAuthentication('a/w', { ...forX, ...mode('DISABLE') })], undefined],
])('only the policy of a namespace or the mesh turns auto mTLS off: %s', (_, objects, name) => {
  const by = policies(...objects).disabling('a');
  expect([by?.object.name, by?.field.join('.')]).toEqual([name, name && 'spec.mtls.mode']);
});

test('workloads of two namespaces may share one mapping of labels', () => {
  const { labels } = workload;
  const both = policies(peerAuthentication('a/w', forX), peerAuthentication('b/v', forX));
  expect(['a', 'b'].map((namespace) => both.ofWorkload({ namespace, labels }).winner!.object.name)).toEqual(['w', 'v']);
});
