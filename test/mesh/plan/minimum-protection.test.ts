import { Outcome } from '../../../src/mesh/model/transport';
import { OnwardLink, PathHalf } from '../../../src/mesh/plan/links';
import { minimumAt, minimumProtectionOf, outcomesIn, standing } from '../../../src/mesh/plan/minimum-protection';
import { StateOutcomes } from '../../../src/mesh/plan/state-outcomes';

const flight = { tls: 'ISTIO_MUTUAL', kind: 'http' } as const;
const direct = (outcome: Outcome): PathHalf => ({ place: 'backend', flight, outcome });
const through = (outcome: Outcome): PathHalf => ({ place: 'gateway', flight, outcome, arrival: 'request' });
const onto = (place: string, outcome: Outcome, isUnexamined?: boolean) => ({ place, flight, outcome, isUnexamined }) as OnwardLink;

test.each<[string, PathHalf[], OnwardLink[], Record<string, Outcome>]>([
  ['of two paths to a place the worse, which is the first', [direct('plaintext'), direct('mtls')], [], { backend: 'plaintext' }],
  ['of two paths to a place the worse, which is the last', [direct('mtls'), direct('plaintext')], [], { backend: 'plaintext' }],
  ['what a gateway sends, if that is worse than what it gets', [through('mtls')], [onto('backend', 'plaintext')], { backend: 'plaintext' }],
  ['what a gateway gets, if that is worse than what it sends', [through('plaintext')], [onto('backend', 'mtls')], { backend: 'plaintext' }],
  ['each server of a gateway by itself', [through('mtls')], [onto('backend', 'mtls'), onto('other', 'broken')], { backend: 'mtls', other: 'broken' }],
  ['undecided at a gateway that passes nothing on', [through('mtls')], [], { gateway: 'undecided' }],
  ['broken at a gateway that gets nothing, and passes nothing on', [through('broken')], [], { gateway: 'broken' }],
  ['broken at a gateway that gets nothing, and behind it', [through('broken')], [onto('backend', 'mtls')], { gateway: 'broken', backend: 'broken' }],
  ['broken at a gateway that gets nothing, whatever more gateways do', [through('broken')], [onto('second', 'mtls', true)], { gateway: 'broken' }],
  ['nothing for a path through more gateways, which is a half of its own', [through('mtls')], [onto('second', 'mtls', true)], {}],
])('the outcome of a call is %s', (_, half, links, expected) => {
  const record = { receivers: new Map(), onward: new Map([['request', links]]) } as Partial<StateOutcomes> as StateOutcomes;
  expect(Object.fromEntries(outcomesIn(half, record))).toEqual(expected);
});

test.each<[string, Record<string, Outcome>, Record<string, Outcome>, number | undefined, Record<string, number>]>([
  ['the lower of both ends, if that is before', { a: 'plaintext' }, { a: 'mtls' }, 1, { a: 1 }],
  ['the lower of both ends, if that is after', { a: 'mtls' }, { a: 'tls' }, 2, { a: 2 }],
  ['for the whole call that of its worst place', { a: 'mtls', b: 'plaintext' }, { a: 'mtls', b: 'mtls' }, 1, { a: 3, b: 1 }],
  ['for a whole call that goes elsewhere, but for no place', { a: 'mtls' }, { b: 'plaintext' }, 1, {}],
  ['only for the places that work, where one is broken', { a: 'mtls', b: 'broken' }, { a: 'mtls', b: 'mtls' }, undefined, { a: 3 }],
  ['only for the places that are decided, where one isn\'t', { a: 'tls', b: 'tls' }, { a: 'tls', b: 'undecided' }, undefined, { a: 2 }],
])('the floor of a call is %s', (_, before, after, call, places) => {
  const floors = minimumProtectionOf(new Map(Object.entries(before)), new Map(Object.entries(after)));
  expect([floors.call, Object.fromEntries(floors.places)]).toEqual([call, places]);
});

test.each<[number | undefined, number | undefined, number | undefined]>([
  [1, 3, 3], [3, 1, 3], [2, undefined, 2], [undefined, 2, 2], [undefined, undefined, undefined],
])('with a minimum of %p for the call and %p for a place, the minimum there is %p', (call, own, expected) => {
  expect(minimumAt({ call, places: new Map(own === undefined ? [] : [['a', own]]) }, 'a')).toBe(expected);
});

test.each<[Outcome, string]>([
  ['mtls', 'safe'], ['tls', 'safe'], ['plaintext', 'unsafe'], ['broken', 'unsafe'], ['undecided', 'unproven'],
])('over a floor of TLS, %s is %s', (outcome, expected) => {
  expect(standing(outcome, 2)).toBe(expected);
});
