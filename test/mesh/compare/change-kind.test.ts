import { changeKind, harmOf } from '../../../src/mesh/compare/change-kind';
import { connectionChanges } from '../../../src/mesh/compare/connection-changes';
import { Ends } from '../../../src/mesh/compare/ends';
import { takerOf } from '../../../src/mesh/compare/taken-over';
import { Mesh } from '../../../src/mesh/mesh';
import { deployment, destinationRule, injected, mesh, service, tls } from '../../support/meshes/mesh';

const WEB = [...injected('shop'), deployment('shop/web')];
const RATINGS = deployment('shop/ratings', { ports: [{ containerPort: 9080 }] });
const SERVICE = service('shop/ratings', [9080]);
const plaintext = destinationRule('shop/ratings', { host: 'ratings', ...tls('DISABLE') });

const kindsIn = (before: Mesh, after: Mesh) => connectionChanges(before, after).changes
  .map((change) => changeKind(change, takerOf(change), new Ends(before, after)));

test.each<[string, unknown[], unknown[], string[]]>([
  ['of another outcome', [RATINGS, SERVICE], [RATINGS, SERVICE, plaintext], ['changed']],
  ['of a deleted Service', [RATINGS, SERVICE], [RATINGS], ['lost']],
  ['of a deleted server', [RATINGS, SERVICE], [SERVICE], ['removed']],
  ['of a new Service', [RATINGS], [RATINGS, SERVICE], ['added']],
])('the kind of change %s', (_, before, after, kinds) => {
  expect(kindsIn(mesh([...WEB, ...before]), mesh([...WEB, ...after]))).toEqual(kinds);
});

test('the harm of a change: what was broken is no loss, and new or removed ends aren\'t harmed', () => {
  expect(harmOf({ kind: 'changed', from: 'mtls', to: 'broken' })).toBe('broken');
  expect(harmOf({ kind: 'gained', to: 'undecided' })).toBe('undecided');
  expect(harmOf({ kind: 'changed', from: 'broken', to: 'plaintext' })).toBe('plaintext');
  expect(harmOf({ kind: 'lost', from: 'mtls' })).toBe('lost');
  expect(harmOf({ kind: 'lost', from: 'broken' })).toBeUndefined();
  expect(harmOf({ kind: 'added', to: 'broken' })).toBeUndefined();
  expect(harmOf({ kind: 'removed', from: 'mtls' })).toBeUndefined();
  expect(harmOf({ kind: 'changed', from: 'plaintext', to: 'mtls' })).toBeUndefined();
});
