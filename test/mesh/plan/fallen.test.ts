import { idKey } from '../../../src/mesh/inventory/object';
import { fallenOn } from '../../../src/mesh/plan/fallen';
import { OnwardLink, PathHalf } from '../../../src/mesh/plan/links';
import { StateOutcomes } from '../../../src/mesh/plan/state-outcomes';
import { Workload } from '../../../src/mesh/workloads/workload';

const proxy = { name: 'gateway', namespace: 'egress', kind: 'Deployment' } as Workload;
const path: PathHalf = { place: 'gateway', server: proxy, flight: { tls: 'ISTIO_MUTUAL', kind: 'http' }, outcome: 'mtls', arrival: 'request' };
const link: OnwardLink = { place: 'backend', flight: path.flight, outcome: 'mtls', sender: proxy, host: 'backend.shop', port: 80 };

function fallen(onward: readonly OnwardLink[] | undefined, running: readonly Workload[] = [proxy]) {
  const all = new Map(onward === undefined ? [] : [['request', onward] as const]);
  const record = { running: new Set(running), onward: all, receivers: new Map() } as Partial<StateOutcomes> as StateOutcomes;
  return [...fallenOn(path, { call: 3, places: new Map() }, [record])].map(({ verdict, outcome }) => [verdict, outcome]);
}

test.each<[string, readonly OnwardLink[] | undefined, string[][]]>([
  ['forwards the call', [link], []],
  ['forwards the call with less protection than it had', [{ ...link, outcome: 'plaintext' }], [['unsafe', 'plaintext']]],
  ['sends the call to another forwarding proxy', [{ ...link, isUnexamined: true }], [['unproven', 'mtls']]],
  ['can\'t reach the next forwarding proxy', [{ ...link, isUnexamined: true, outcome: 'broken' }], [['unsafe', 'broken']]],
  ['doesn\'t forward the call', [], [['unproven', 'undecided']]],
  ['receives a request that is unknown before and after the change', undefined, [['unproven', 'undecided']]],
])('the verdict for a proxy in between that %s', (_, onward, expected) => {
  expect(fallen(onward)).toEqual(expected);
});

test('a broken hop to a server behind a gateway isn\'t reported without a minimum protection', () => {
  const record = { running: new Set([proxy]), onward: new Map([['request', [{ ...link, outcome: 'broken' }]]]) } as Partial<StateOutcomes> as StateOutcomes;
  expect([...fallenOn({ ...path, outcome: 'undecided' }, { places: new Map() }, [record])]).toEqual([]);
});

test('ignores the hops of a proxy that doesn\'t run', () => {
  expect(fallen(undefined, [])).toEqual([]);
});

const backend = { name: 'backend', namespace: 'shop', kind: 'StatefulSet' } as Workload;
const own: PathHalf = { place: idKey(backend), server: backend, flight: path.flight, outcome: 'broken' };

test.each<[string, PathHalf, Workload | undefined, number]>([
  ['its pods don\'t call each other', { ...own, self: backend }, backend, 0],
  ['it is another version of the server, whose pods don\'t call each other', { ...own, self: backend }, { ...backend }, 0],
  ['its pods call each other', own, backend, 1],
  ['the client is another workload', { ...own, self: backend }, proxy, 1],
  ['the client may be another workload', { ...own, self: backend }, undefined, 1],
])('a client that is the server itself is ignored only if it makes no such call: %s', (_, half, client, expected) => {
  const record = { running: new Set([backend]) } as Partial<StateOutcomes> as StateOutcomes;
  expect([...fallenOn(half, { call: 3, places: new Map() }, [record], client)]).toHaveLength(expected);
});
