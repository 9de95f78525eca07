import { celFault } from '../../../../src/admission/webhook/telemetry/cel-syntax';

test.each([
  'a.b', '.a.b', 'a[0][1]', 'a.b.c(d)', 'size(a) > 1', '(a ? b : c) ? d : e', 'a ? b : c ? d : e', 'a || b && !c', '!!-1', '--a', '-1', '1 - -1',
  'a.`b-c`', 'has(a.b.c)', 'has((a.b))', 'has(has(a.b))', 'has(a.b, c)', 'a.has(b)', '.has(a)', '[1].all((x), x > 1)', 'a.map(x, y, z)', 'a.all(x)', '[1].existsOne(x.y, x)',
  'A.B{c: 1}', '.A{}', 'A{c: 1,}', 'a.if{}', 'if{}', '{"a": 1}', '{1: 2, 3: 4}', 'A{b: 1, c: 2}', '{1: 2,}', '{,}', '[1,]', '[,]', '[a ? b : c, d]', 'a.if', 'a{`b`: 1}', 'dyn', 'a == b == c', '"a" in b',
  '.5', '1e3', '0xff', '1u', '9223372036854775807', '-9223372036854775808', '18446744073709551615u', 'null', 'a // c', '\ta\n\f',
  '"a"', '\'a\'', '"""a"b\n"""', 'r"\\q"', 'r"\\ud800"', '"\\U0010ffff"', 'bR\'x\'', '"\\u00e9\\x41\\101\\\\u12"', 'b"\\\\u1"', '"é"',
])('accepts %s', (expression) => {
  expect(celFault(expression)).toBeUndefined();
});

test.each([
  '', '   ', 'a +', 'a b', 'a..b', 'a.', 'a.1', 'a = b', 'a & b', 'a;', '$x', 'é', '`a`', 'a ? b', 'a?b?c:d:e', '(a', 'a)', '()', '[1', '[,1]', '{1}', '{,1:2}', '{a:}',
  'f(,)', 'f(a,)', 'a[]', 'a.?b', 'a[?b]', 'a.in', 'a.true', 'a.in{}', 'a{in: 1}', 'a{1: 2}', '(a){b: 1}', 'if', 'in', 'as', 'if(a)', '!-a', '-!a',
  'has(a)', 'has(a[0])', 'has(f(a))', 'has(a.f(b))', 'has(1)', 'a.map(1, x)', '[1].all(x.y, true)', 'a.exists_one(1, x)', 'a.filter(a.b, x)', 'a.exists(a[0], x)', '[1].all(__result__, true)',
  '1.', '9223372036854775808', '-9223372036854775809', '--9223372036854775808', '18446744073709551616u', '0x8000000000000000', '1.0e400',
  '"a', '"a\nb"', '"\\q"', '"\\ud800"', '"\\U00110000"', 'b"\\u00e9"', 'rb"x"', '"""a"', 'a\u00a0b',
])('rejects %p', (expression) => {
  expect(celFault(expression)).toEqual(expect.any(String));
});

test('limits length and depth', () => {
  expect(celFault('a'.repeat(100_000))).toBeUndefined();
  expect(celFault('a'.repeat(100_001))).toBe('it is longer than 100000 characters');
  expect(celFault('('.repeat(99_000))).toBe('it is nested too deeply');
});

test('says what is wrong in the objection', () => {
  expect(celFault('a +')).toBe('the end stands where a value must');
  expect(celFault('a b')).toBe('b stands where an operator or the end must');
  expect(celFault('has(a)')).toBe('has() asks for a field, such as has(request.headers)');
});
