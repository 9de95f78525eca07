import { hashOf, matches, missingWords, ownKey, stateOf } from '../../report-page/state';
import { foundText } from '../../report-page/words';

test.each([
  '#calls?from=shop&to=bank', '#graph?around=shop&direction=out', '#findings?search=a+b%26c&severity=error&code=MTLS101', '#overview', '#namespaces?sort=name', '#findings?status=known',
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

test('the words that a text lacks are told, in small letters', () => {
  expect(missingWords('WEB shop  Bank', 'shop/web', 'MTLS101')).toEqual(['bank']);
  expect(missingWords('', 'shop/web')).toEqual([]);
});

test.each([
  [0, 0, 'No findings.'], [1, 1, '1 finding.'], [2000, 2000, '2,000 findings.'], [0, 12, 'None of 12 findings matches.'], [1, 12, '1 of 12 findings matches.'], [3, 2000, '3 of 2,000 findings match.'],
])('%d of %d found are told', (found, all, text) => {
  expect(foundText(found, all, 'finding')).toBe(text);
});

test.each([['findings', 'findings'], ['', undefined], ['evil', undefined], ['constructor', undefined], ['__proto__', undefined], ['toString', undefined]])('of what an address names, %j is the key %s', (name, expected) => {
  expect(ownKey({ findings: 1 }, name)).toBe(expected);
});
