import { re2Fault } from '../../../../src/admission/webhook/values/regex';
import { toldOf } from '../../../support/admission/webhook';

test.each([
  '', 'a', '^a.*b$', '(a|b)+', '(?:a)?', '(?i)a', '(?i-s:a)', '(?s).', '(?U)a', '(?P<n>a)', '(?<n_1>a)', 'a*?', 'a{2}', 'a{2,}', 'a{0,1000}', 'a{,2}', 'a{', 'a{00}', '}', ']',
  '\\.', '\\_', '\\d\\W', '\\pL', '\\p{Greek}', '\\P{^Lu}', '\\p{lowercase LETTER}', '\\p{ lower-case_letter }', '\\p{any}', '\\x41', '\\x{10FFFF}', '\\07', '\\17',
  '\\Qa+(b\\E*', '\\Q(', 'a\\Q\\E*', '\\A\\b\\B\\z', '\\t\\n\\a\\f\\r\\v', '[abc]', '[^a-z]', '[]a]', '[^]a]', '[a-]', '[-a]', '[--a]', '[\\d-z]', '[[:alpha:]]', '[[:^word:]_]',
  '[[:alpha]', '[\\pN]', '()*', '^*', '(|a)*', 'a||b', '(a{10}){100}', '((a{1000}){0}){1000}', '(a{0,}){1000}', 'a(?i)*', 'é+',
])('accepts %s, as RE2 does', (expression) => {
  expect(re2Fault(expression)).toBeUndefined();
});

test.each([
  '*', '+a', '?', '|*', '(*)', '{1}', 'a**', 'a*+', 'a???', 'a{2}{3}', '(', ')', 'a)', '(a', '(?', '(?=a)', '(?!a)', '(?<=a)', '(?<!a)', '(?>a)', '(?#a)', '(?P=n)', '(?P<>a)', '(?P<a', '(?<n', '(?<a b>c)',
  '(?x)a', '(?i-)a', '(?--i)a', '(?i)*', 'a{1001}', 'a{1,1001}', 'a{2,1}', 'a{99999999999}', '(a{100}){100}', '((a{3}){20}){17}', '\\', '\\1', '\\8', '\\e', '\\h', '\\Z', '\\K', '\\C', '\\é', '\\cA',
  '\\x', '\\x4', '\\xg0', '\\x{}', '\\x{4g}', '\\x{41', '\\x{110000}', '\\p', '\\pX', '\\p{', '\\p{Foo}', '\\p{}', '\\p{Old_Italic}', '\\Q\\E*',
  '[', '[a', '[]', '[^]', '[b-a]', '[a-\\d]', '[\\b]', '[a-', '[[:foo:]]', '[\\p{Foo}]',
])('rejects %s, as RE2 does', (expression) => {
  expect(re2Fault(expression)).toBeDefined();
});

test('says what is wrong in the objection', () => {
  expect(re2Fault('a(?=b)')).toBe('\'(?=\', which RE2 doesn\'t have');
  expect(re2Fault('(a{100}){100}')).toBe('the repetition \'{100}\', which with those inside it makes more than 1000');
  expect(re2Fault('[z-a]')).toBe('the range \'z-a\', whose ends are the wrong way round');
});

test('counts an expression\'s length in bytes', () => {
  const told = (regex: string) => toldOf('VirtualService', { hosts: ['a'], http: [{ match: [{ uri: { regex } }], directResponse: { status: 200 } }] });
  expect(told('é'.repeat(512))).toEqual([]);
  expect(told(`${'é'.repeat(512)}a`)).toEqual(['ADMIT411 spec.http[0].match[0].uri.regex']);
});
