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
  ['passes it on', [link], []],
  ['does so with less than the call had', [{ ...link, outcome: 'plaintext' }], [['unsafe', 'plaintext']]],
  ['sends it to another proxy that passes it on', [{ ...link, isUnexamined: true }], [['unproven', 'mtls']]],
  ['passes nothing on', [], [['unproven', 'undecided']]],
  ['gets something that is unknown before and after the change', undefined, [['unproven', 'undecided']]],
])('a proxy in between that %s', (_, onward, expected) => {
  expect(fallen(onward)).toEqual(expected);
});

test('a proxy that doesn\'t run passes nothing on that matters', () => {
  expect(fallen(undefined, [])).toEqual([]);
});
