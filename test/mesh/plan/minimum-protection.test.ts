import { Outcome } from '../../../src/mesh/model/transport';
import { OnwardLink, PathHalf } from '../../../src/mesh/plan/links';
import { minimumAt, minimumProtectionOf, outcomesIn, standing } from '../../../src/mesh/plan/minimum-protection';
import { StateOutcomes } from '../../../src/mesh/plan/state-outcomes';

const flight = { tls: 'ISTIO_MUTUAL', kind: 'http' } as const;
const direct = (outcome: Outcome): PathHalf => ({ place: 'backend', flight, outcome });
const through = (outcome: Outcome): PathHalf => ({ place: 'gateway', flight, outcome, arrival: 'request' });
const onto = (place: string, outcome: Outcome, isUnexamined?: boolean) => ({ place, flight, outcome, isUnexamined }) as OnwardLink;

test.each<[string, PathHalf[], OnwardLink[], Record<string, Outcome>]>([
  ['the worse of two paths to a server, if that is the first', [direct('plaintext'), direct('mtls')], [], { backend: 'plaintext' }],
  ['the worse of two paths to a server, if that is the last', [direct('mtls'), direct('plaintext')], [], { backend: 'plaintext' }],
  ['the gateway\'s onward link, if that is worse than the link to it', [through('mtls')], [onto('backend', 'plaintext')], { backend: 'plaintext' }],
  ['the link to the gateway, if that is worse than its onward link', [through('plaintext')], [onto('backend', 'mtls')], { backend: 'plaintext' }],
  ['separate for each server behind a gateway', [through('mtls')], [onto('backend', 'mtls'), onto('other', 'broken')], { backend: 'mtls', other: 'broken' }],
  ['undecided at a gateway that doesn\'t forward it', [through('mtls')], [], { gateway: 'undecided' }],
  ['broken at a gateway that it doesn\'t reach and that doesn\'t forward it', [through('broken')], [], { gateway: 'broken' }],
  ['broken at a gateway that it doesn\'t reach, and at the server behind it', [through('broken')], [onto('backend', 'mtls')], { gateway: 'broken', backend: 'broken' }],
  ['broken at a gateway that it doesn\'t reach, whatever further gateways do', [through('broken')], [onto('second', 'mtls', true)], { gateway: 'broken' }],
  ['unknown on a path through further gateways, which is examined separately', [through('mtls')], [onto('second', 'mtls', true)], {}],
])('the outcome of a call is %s', (_, half, links, expected) => {
  const record = { receivers: new Map(), onward: new Map([['request', links]]) } as Partial<StateOutcomes> as StateOutcomes;
  expect(Object.fromEntries(outcomesIn(half, record))).toEqual(expected);
});

test.each<[string, Record<string, Outcome>, Record<string, Outcome>, number | undefined, Record<string, number>]>([
  ['the lower of before and after, if that is before', { a: 'plaintext' }, { a: 'mtls' }, 1, { a: 1 }],
  ['the lower of before and after, if that is after', { a: 'mtls' }, { a: 'tls' }, 2, { a: 2 }],
  ['for the whole call the one at its worst server', { a: 'mtls', b: 'plaintext' }, { a: 'mtls', b: 'mtls' }, 1, { a: 3, b: 1 }],
  ['for the whole call, but for no server, if it reaches another server', { a: 'mtls' }, { b: 'plaintext' }, 1, {}],
  ['only for the servers where it isn\'t broken', { a: 'mtls', b: 'broken' }, { a: 'mtls', b: 'mtls' }, undefined, { a: 3 }],
  ['only for the servers where it is decided', { a: 'tls', b: 'tls' }, { a: 'tls', b: 'undecided' }, undefined, { a: 2 }],
])('the minimum protection of a call is %s', (_, before, after, call, places) => {
  const floors = minimumProtectionOf(new Map(Object.entries(before)), new Map(Object.entries(after)));
  expect([floors.call, Object.fromEntries(floors.places)]).toEqual([call, places]);
});

test.each<[number | undefined, number | undefined, number | undefined]>([
  [1, 3, 3], [3, 1, 3], [2, undefined, 2], [undefined, 2, 2], [undefined, undefined, undefined],
])('with a minimum of %p for the call and %p for a server, the minimum there is %p', (call, own, expected) => {
  expect(minimumAt({ call, places: new Map(own === undefined ? [] : [['a', own]]) }, 'a')).toBe(expected);
});

test.each<[Outcome, string]>([
  ['mtls', 'safe'], ['tls', 'safe'], ['plaintext', 'unsafe'], ['broken', 'unsafe'], ['undecided', 'unproven'],
])('with a minimum of TLS, %s is %s', (outcome, expected) => {
  expect(standing(outcome, 2)).toBe(expected);
});
