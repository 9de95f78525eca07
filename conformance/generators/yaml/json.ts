// Texts of JSON, and what is nearly JSON.
import { type Writing } from './writing';

const NUMBERS = ['0', '1', '-1', '8080', '1.5', '1e3', '1E+2', '-0.0', '-0', '1.0', '100000000000'];
const LARGE = ['9007199254740993', '9223372036854775807', '9223372036854775808', '18446744073709551616', '1e21', '1e400', '123456789012345678901234567890', '-9223372036854775808', '9007199254740993.0', '1e17'];
const STRINGS = ['a', 'web', 'yes', '', '8080', 'a: b', '# c', '---', '{{', 'it\'s', '\u2028', 'é', '😀', '\\\\', '\\"', '\\n', '\\u00e9', 'http://a/b'];
const RARE = ['\\/', '\\b\\f\\r', '\\ud83d\\ude00', '\\ud83d', '\\u0000', '\\x41', '\\a', '\\e', '\t', '\u007f', '\\u2028', '\\N', '\\ ', '\\\'', '\\0'];

export function jsonTexts(writing: Writing): string {
  const { random } = writing;
  writing.features.add('JSON');
  const texts = [jsonObject(writing)];
  while (texts.length < 4 && writing.sometimes(0.3, 'several JSON texts in a row')) texts.push(jsonObject(writing));
  let text = texts.join(random.pick(['', ' ', '\n', '\n', '\n\n', '\n---\n', '\r\n', '\t']));
  if (random.chance(0.2)) text = random.pick([' ', '\n', '\n\n  ', '\t', '\uFEFF']) + text;
  // A marker makes YAML of it, of which there is one document between two markers.
  else if (texts.length === 1 ? random.chance(0.05) : writing.sometimes(0.01, 'content behind the end of a document')) text = `---\n${text}`;
  if (writing.sometimes(0.03, 'JSON and something else behind it')) text += random.pick(['}', ']', ' x', '\n---\na: 1\n', '\na: 1\n', '\n...\n', ' # c\n', ',', '\nnull', '\n1', '\n"a"', '\n[]', '{', '\n---\n{}', '\n--- # c\n{"kind": "X"}\n', '\n--- {}\n', '\0']);
  return `${text}${random.chance(0.7) ? '\n' : ''}`;
}

/** One object, as a manifest is. */
export function jsonObject(writing: Writing): string {
  const { random } = writing;
  const isList = random.chance(0.1);
  const space = random.pick(['', '', ' ']);
  const line = random.pick(['', '', '\n  ', '\n\t', '\r\n']);
  const members = [`"apiVersion":${space}"v1"`, `"kind":${space}"${isList ? 'List' : 'ConfigMap'}"`, `"${isList ? 'items' : 'data'}":${space}${isList ? `[${random.list(0, 2, () => object(writing, 1)).join(',')}]` : value(writing, 3)}`];
  if (writing.sometimes(0.01, 'JSON with a key twice')) members.push(random.pick(members.slice(1)));
  if (writing.sometimes(0.01, 'JSON with a comma too many')) members.push('');
  if (writing.sometimes(0.01, 'JSON with a comment')) members[1] += random.pick([' # c\n', ' /* c */', ' // c\n']);
  return `{${line}${members.join(`,${line || space}`)}${line.trimEnd() === '' && line ? '\n' : ''}}`;
}

function object(writing: Writing, depth: number): string {
  const { random } = writing;
  const taken = new Set<string>();
  return `{${random.list(0, 3, () => `"${key(writing, taken)}": ${value(writing, depth)}`).join(', ')}}`;
}

function key(writing: Writing, taken: Set<string>): string {
  const { random } = writing;
  const name = random.pick(['a', 'b', 'c', 'kind', 'data', '1', 'true', 'a.b/c', '<<', 'yes']);
  if (taken.has(name) && !writing.sometimes(0.05, 'JSON with a key twice')) return `k${taken.size + random.below(1000)}${taken.add(name).size}`;
  taken.add(name);
  return name;
}

function value(writing: Writing, depth: number): string {
  const { random } = writing;
  const kind = random.below(depth > 0 ? 10 : 7);
  if (kind < 4) return string(writing);
  if (kind < 6) return writing.sometimes(0.05, 'JSON with large numbers') ? random.pick(LARGE) : random.pick(NUMBERS);
  if (kind < 7) return random.pick(['true', 'false', 'null']);
  return kind < 9 ? object(writing, depth - 1) : `[${random.list(0, 3, () => value(writing, depth - 1)).join(', ')}]`;
}

function string(writing: Writing): string {
  const { random } = writing;
  if (writing.sometimes(0.05, 'JSON with rare escapes')) return `"${random.pick(RARE)}"`;
  const text = random.pick(STRINGS);
  if (text === '{{') return '"a"';
  if (text.includes('\\')) writing.features.add('JSON with escapes');
  return `"${text}"`;
}
