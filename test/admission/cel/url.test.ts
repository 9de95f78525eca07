import { isUrl, parseUrl } from '../../../src/admission/cel/url';

test.each([
  ['http://a.b/c', 'http'],
  ['HTTPS://x', 'https'],
  ['oci://registry/image:1', 'oci'],
  ['http:foo', 'http'],
  ['mailto:a@b', 'mailto'],
  ['/path', ''],
  ['//host/path', ''],
  ['*', ''],
  ['http://[::1]:80/', 'http'],
  ['http://[fe80::1%25en0]/', 'http'],
  ['http://user:pass@host/', 'http'],
  ['http://é/', 'http'],
  ['http://host:/', 'http'],
  ['tcp://a:1,b:2', 'tcp'],
])('%s has scheme %p', (text, scheme) => {
  expect(parseUrl(text)).toEqual({ scheme });
});

test.each(['', 'registry/image', '://x', 'http://a b', 'http://a/%2', 'http://%zz', 'http://h:80:90', 'http://h:x', 'http://[::1', 'http://[1.2.3.4]', 'http://a{b}', 'http://x\u0001', '1http://x', 'a[b]://x'])('%p is none', (text) => {
  expect(isUrl(text)).toBe(false);
  expect(parseUrl(text)).toBeUndefined();
});

test('a fragment counts for url(), not for isURL()', () => {
  expect(isUrl('http://a/#b')).toBe(true);
  expect(parseUrl('http://a/#b')).toEqual({ scheme: 'http' });
  expect(parseUrl('http://a#%z')).toBeUndefined();
});
