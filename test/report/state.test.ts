import { hashOf, matches, stateOf } from '../../report-page/state';

test.each([
  '#calls?from=shop&to=bank', '#graph?around=shop&direction=out', '#findings?search=a+b%26c&severity=error&code=MTLS101', '#overview', '#namespaces?sort=name',
])('%s leads back to itself', (hash) => {
  const [section, query = ''] = hash.slice(1).split('?');
  const [again, others = ''] = hashOf(stateOf(hash)).slice(1).split('?');
  expect([again, [...new URLSearchParams(others)].sort()]).toEqual([section, [...new URLSearchParams(query)].sort()]);
});

test('what no section reads is left out', () => {
  expect(stateOf('#calls?from=shop&evil=1&__proto__=2&constructor=3&section=x')).toEqual({ ...stateOf('#calls'), from: 'shop' });
  expect(hashOf(stateOf(''))).toBe('#');
});

test.each([['', true], ['WEB', true], ['shop mtls101', true], ['shop bank', false]])('%j is found: %s', (search, expected) => {
  expect(matches(search, 'shop/web', 'MTLS101')).toBe(expected);
});
