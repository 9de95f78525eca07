import { isGoUrl, parseGoDuration, parseGoUrl } from '../../src/manifests/go-values';
import { processorSeconds } from '../support/command/processor-time';

describe('parseGoDuration', () => {
  test.each<[string, bigint]>([
    ['1s', 1_000_000_000n],
    ['1h30m', 5_400_000_000_000n],
    ['1.5h', 5_400_000_000_000n],
    ['.5s', 500_000_000n],
    ['1.s', 1_000_000_000n],
    ['+5ms', 5_000_000n],
    ['-1us', -1_000n],
    ['1µs', 1_000n],
    ['1μs', 1_000n],
    ['0', 0n],
    ['-0', 0n],
    ['0.9999999ms', 999_999n],
    ['9223372036854775807ns', 9_223_372_036_854_775_807n],
    ['-9223372036854775808ns', -9_223_372_036_854_775_808n],
  ])('reads %s as Go\'s time.ParseDuration does', (text, nanos) => {
    expect(parseGoDuration(text)).toBe(nanos);
  });

  test.each(['', '1', 's', '.s', '1d', '1S', ' 1s', '1s ', '1h-1m', '1e3s', '+-1s', '٣s', '9223372036854775808ns', '2562048h', '99999999h'])('rejects %p', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });

  test.each(['1', '1.', '.1', '0'])('rejects many times %p without a unit, quickly', (digits) => {
    const seconds = processorSeconds(() => {
      expect(parseGoDuration(digits.repeat(200_000))).toBeUndefined();
      expect(parseGoDuration(`${digits.repeat(200_000)}1d`)).toBeUndefined();
    });
    expect(seconds).toBeLessThan(0.5);
  });

  test('ignores leading zeros', () => {
    expect(parseGoDuration(`${'0'.repeat(30)}1s`)).toBe(1_000_000_000n);
  });

  test.each([
    ['1s', 1_000_000_000n], ['1m30s', 90_000_000_000n], ['1.5h', 5_400_000_000_000n], ['.5s', 500_000_000n], ['1.s', 1_000_000_000n],
    ['-1ms', -1_000_000n], ['+1us', 1_000n], ['1µs', 1_000n], ['1μs', 1_000n], ['0', 0n], ['-0', 0n], ['0.3ns', 0n], ['1ns1h', 3_600_000_000_001n],
    ['2562047h47m16.854775807s', 2n ** 63n - 1n], ['-2562047h47m16.854775808s', -(2n ** 63n)],
  ])('reads %s as Go does', (text, nanoseconds) => {
    expect(parseGoDuration(text)).toBe(nanoseconds);
  });

  test.each(['', '1', '1d', 's', '.s', '1h1', '1 s', '1S', '--1s', '1e3s', '2562047h47m16.854775808s', '9999999h', '99999999999999999999ns'])('rejects \'%s\', as Go does', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});

describe('parseGoUrl', () => {
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
  ])('finds in %s the scheme %p', (text, scheme) => {
    expect(parseGoUrl(text)).toEqual({ scheme });
  });

  test.each(['', 'registry/image', '://x', 'http://a b', 'http://a/%2', 'http://%zz', 'http://h:80:90', 'http://h:x', 'http://[::1', 'http://[1.2.3.4]', 'http://a{b}', 'http://x\u0001', '1http://x', 'a[b]://x'])('rejects %p', (text) => {
    expect(isGoUrl(text)).toBe(false);
    expect(parseGoUrl(text)).toBeUndefined();
  });

  test('isGoUrl allows a fragment, and parseGoUrl rejects an invalid one', () => {
    expect(isGoUrl('http://a/#b')).toBe(true);
    expect(parseGoUrl('http://a/#b')).toEqual({ scheme: 'http' });
    expect(parseGoUrl('http://a#%z')).toBeUndefined();
  });
});
