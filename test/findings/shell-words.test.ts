import { quoted, shellWord } from '../../src/findings/shell-words';

test.each([
  ['shop', 'shop'], ['./a_b/c.yaml', './a_b/c.yaml'], ['$E2E_NS', '\'$E2E_NS\''], ['a b', '\'a b\''], ['', '\'\''], ['*', '\'*\''], ['~', '\'~\''],
  ['it\'s', '\'it\'\\\'\'s\''], ['a\nb', '\'a\nb\''],
])('%j is the shell word %s', (text, word) => {
  expect(shellWord(text)).toBe(word);
});

test('what is quoted has no special meaning', () => {
  expect(quoted('$(id)')).toBe('\'$(id)\'');
});
