import { DECLARED_CALLS } from '../../../src/manifests/kinds';
import { changeKind, harmOf } from '../../../src/mesh/compare/change-kind';
import { connectionChanges } from '../../../src/mesh/compare/connection-changes';
import { Ends } from '../../../src/mesh/compare/ends';
import { takerOf } from '../../../src/mesh/compare/taken-over';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { Mesh } from '../../../src/mesh/mesh';
import { deployment, destinationRule, injected, mesh, service, tls, virtualService } from '../../support/meshes/mesh';

const WEB = [...injected('shop'), deployment('shop/web')];
const RATINGS = deployment('shop/ratings', { ports: [{ containerPort: 9080 }] });
const CANARY = deployment('shop/ratings-next', { ports: [{ containerPort: 9080 }], labels: { app: 'ratings' } });
const SERVICE = service('shop/ratings', [9080]);
const plaintext = destinationRule('shop/ratings', { host: 'ratings', ...tls('DISABLE') });

const kindsIn = (before: Mesh, after: Mesh) => connectionChanges(before, after).changes
  .map((change) => changeKind(change, takerOf(change), new Ends(before, after)));

test.each<[string, unknown[], unknown[], string[]]>([
  ['of another outcome', [RATINGS, SERVICE], [RATINGS, SERVICE, plaintext], ['changed']],
  ['of a deleted Service', [RATINGS, SERVICE], [RATINGS], ['lost']],
  ['of a deleted server, whose Service stays', [RATINGS, SERVICE], [SERVICE], ['lost']],
  ['of a deleted server, while another one serves the call', [RATINGS, CANARY, SERVICE], [CANARY, SERVICE],
    // Of three clients: two remain, the third was the server itself.
    ['removed', 'removed', 'removed']],
  ['of a replaced server', [RATINGS, SERVICE], [CANARY, SERVICE], ['removed', 'added']],
  ['of a server that is deleted with its Service', [RATINGS, SERVICE], [], ['removed']],
  ['of a new Service', [RATINGS], [RATINGS, SERVICE], ['added']],
])('the kind of change %s', (_, before, after, kinds) => {
  expect(kindsIn(mesh([...WEB, ...before]), mesh([...WEB, ...after]))).toEqual(kinds);
});

describe('clients that declare a call to a server which is deleted with its Service', () => {
  const declaring = (calls: string) => {
    const web = deployment('shop/web');
    return { ...web, metadata: { ...web.metadata, annotations: { [DECLARED_CALLS]: calls } } };
  };
  const kinds = (declaredBefore: string, declaredAfter: string, others: unknown[] = []) => {
    const before = mesh([...injected('shop'), declaring(declaredBefore), ...others, RATINGS, SERVICE]);
    const after = mesh([...injected('shop'), declaring(declaredAfter), ...others]);
    return connectionChanges(before, after).changes.map((change) => (
      [changeKind(change, takerOf(change), new Ends(before, after)), change.clients.map(({ after: client }) => client?.name)]));
  };

  test.each([
    ['lost', 'ratings', 'ratings'],
    ['lost', 'shop/ratings:9080', 'ratings.shop.svc.cluster.local'],
    ['removed', 'ratings', ''],
    ['removed', 'ratings', 'shop/reviews'],
  ])('%s: %s → %s', (kind, before, after) => {
    expect(kinds(before, after)).toContainEqual([kind, ['web']]);
  });

  test('another client without a declaration loses nothing', () => {
    expect(kinds('ratings', 'ratings', [deployment('shop/other')])).toEqual(expect.arrayContaining([['lost', ['web']], ['removed', ['other']]]));
  });
});

test('the harm of a change: what was broken is no loss, and new or removed ends aren\'t harmed', () => {
  expect(harmOf({ kind: 'changed', from: 'mtls', to: 'broken' })).toBe('broken');
  expect(harmOf({ kind: 'gained', to: 'undecided' })).toBe('undecided');
  expect(harmOf({ kind: 'changed', from: 'broken', to: 'plaintext' })).toBe('plaintext');
  expect(harmOf({ kind: 'lost', from: 'mtls' })).toBe('lost');
  expect(harmOf({ kind: 'lost', from: 'mtls', to: 'undecided' })).toBe('lost');
  expect(harmOf({ kind: 'lost', from: 'broken' })).toBeUndefined();
  expect(harmOf({ kind: 'added', to: 'broken' })).toBeUndefined();
  expect(harmOf({ kind: 'removed', from: 'mtls' })).toBeUndefined();
  expect(harmOf({ kind: 'changed', from: 'plaintext', to: 'mtls' })).toBeUndefined();

  const [taker] = Inventory.of([virtualService('other/steal', { hosts: ['ratings'] })]).all();
  expect(harmOf({ kind: 'changed', from: 'plaintext', to: 'mtls', taker })).toBe('lost');
  expect(harmOf({ kind: 'changed', from: 'broken', to: 'mtls', taker })).toBeUndefined();
});
