import { ExportTo } from '../../../src/mesh/names/export-to';
import { HostIndex, fullHost, isWildcard, isWithin, overlap } from '../../../src/mesh/names/hosts';
import { isEmpty, SelectorIndex, selects } from '../../../src/mesh/names/labels';
import { Random } from '../../support/random/random';

test.each([['x', 'x.a.svc.cluster.local'], ['x.b', 'x.b'], ['*', '*'], ['', ''], ['::1', '::1'], ['*.local', '*.local']])('host %s of namespace a is in full %s', (host, expected) => {
  expect(fullHost(host, { namespace: 'a', clusterDomain: 'cluster.local' })).toBe(expected);
});

test.each([
  ['a.b', 'a.b', true, true], ['a.b', '*.b', true, true], ['*.b', 'a.b', false, true], ['*.a.b', '*.b', true, true], ['*.b', '*.a.b', false, true],
  ['*', '*.b', false, true], ['*.b', '*', true, true], ['b', '*.b', false, false], ['a.b', 'a.c', false, false], ['*.c', '*.b', false, false],
])('host %s is within %s: %p; they overlap: %p', (host, wider, within, overlaps) => {
  expect([isWithin(host, wider), overlap(host, wider), overlap(wider, host)]).toEqual([within, overlaps, overlaps]);
});

test('a wildcard begins with a star', () => {
  expect([isWildcard('*'), isWildcard('*.a'), isWildcard('a.*')]).toEqual([true, true, false]);
});

describe('a host index', () => {
  const indexOf = (...hosts: string[]) => {
    const index = new HostIndex<string>();
    for (const host of hosts) index.set(host, host);
    return index;
  };
  const HOSTS = ['*', '*.local', '*.a.local', 'x.a.local', '*.b.local'];

  test.each([['x.a.local', 'x.a.local'], ['y.a.local', '*.a.local'], ['a.local', '*.local'], ['z', '*'], ['*.a.local', '*.a.local'], ['*.c.a.local', '*.a.local'], ['*', '*']])('the most specific host for %s is %s', (host, expected) => {
    expect(indexOf(...HOSTS).mostSpecific(host)).toBe(expected);
  });

  test('lists all that cover a host, the closest first', () => {
    const index = indexOf(...HOSTS);
    expect(index.covering('x.a.local')).toEqual(['x.a.local', '*.a.local', '*.local', '*']);
    expect(index.covering('*.a.local')).toEqual(['*.a.local', '*.local', '*']);
    expect([...index.values()]).toHaveLength(5);
    expect([index.get('*.local'), index.get('y')]).toEqual(['*.local', undefined]);
  });

  test('a wildcard longer than the host doesn\'t cover it', () => {
    expect(indexOf('*.local', '*.longer.local').covering('a.local')).toEqual(['*.local']);
  });

  test('without wildcards only the exact host matches', () => {
    const exact = indexOf('a');
    expect([exact.mostSpecific('a'), exact.mostSpecific('b'), exact.covering('b')]).toEqual(['a', undefined, []]);
  });
});

test('a selector selects by all of its labels, an empty one everything', () => {
  expect([selects({}, {}), selects({ a: '1' }, { a: '1', b: '2' }), selects({ a: '1', b: '2' }, { a: '1' }), selects({ a: '1' }, { a: '2' })]).toEqual([true, true, false, false]);
  expect([isEmpty({}), isEmpty({ a: '1' })]).toEqual([true, false]);
});

test('a selector index answers in the order of adding', () => {
  const index = new SelectorIndex<string>();
  index.add({ b: '2' }, 'b');
  index.add({}, 'all');
  index.add({ a: '1', b: '2' }, 'ab');
  index.add({ a: '1' }, 'a');
  index.add({ a: '1' }, 'again');
  expect(index.matching({ a: '1', b: '2', c: '3' })).toEqual(['b', 'all', 'ab', 'a', 'again']);
  expect(index.matching({ a: '1' })).toEqual(['all', 'a', 'again']);
  expect(index.matching({})).toEqual(['all']);
});

test('a selector index matches like each selector alone', () => {
  const random = new Random(7);
  const labels = () => Object.fromEntries(random.some(['a', 'b', 'c']).map((key) => [key, random.of(['1', '2', '3'])]));
  for (let round = 0; round < 50; round++) {
    const selectors = Array.from({ length: 12 }, labels);
    const index = new SelectorIndex<number>();
    for (const [number, selector] of selectors.entries()) index.add(selector, number);
    const wanted = labels();
    const selecting = [...selectors.keys()].filter((number) => selects(selectors[number], wanted));
    expect(index.matching(wanted)).toEqual(selecting);
    expect(index.first(wanted)).toBe(selecting[0]);
  }
});

test('a selector is found by its rarest label, not by one that thousands share', () => {
  let looks = 0;
  const index = new SelectorIndex<number>();
  for (let number = 0; number < 100; number++) index.add({ part: 'shop', get app() { looks++; return `app-${number}`; } }, number);
  index.matching({});
  looks = 0;
  expect([index.matching({ part: 'shop', app: 'app-5' }), looks]).toEqual([[5], 1]);
});

describe('exportTo', () => {
  const of = (...entries: string[]) => ExportTo.of(entries, 'own', ['.']);
  test.each([
    [['*'], true, true, []], [['.'], true, false, ['own']], [['~'], false, false, []], [['other'], false, true, ['other']], [['.', 'other'], true, true, ['own', 'other']],
    [['own'], true, false, ['own']], [['*', '~'], true, true, []], [['~', 'other'], false, false, []], [[], true, false, ['own']],
  ])('exportTo %j: visible in its own namespace %p, in another one %p', (entries, own, other, namespaces) => {
    const exportTo = of(...entries);
    expect([exportTo.isVisibleTo('own'), exportTo.isVisibleTo('other'), exportTo.namespaces]).toEqual([own, other, namespaces]);
  });

  test('distinguishes private from public objects', () => {
    expect([of('.').isOwn('own'), of('.').isOwn('other'), of('*').isOwn('own'), of('other').isOwn('own'), of('other').isPublic, of('*').isPublic]).toEqual([true, false, false, false, false, true]);
  });
});
