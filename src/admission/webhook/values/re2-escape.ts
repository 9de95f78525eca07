import { Re2Text } from './re2-text';

const CONTROL: { readonly [letter: string]: number } = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const LAST_CHARACTER = 0x10ffff;

/** Reads an escaped character, whose backslash is next, and gives its code. */
export function readEscape(text: Re2Text): number {
  const start = text.position;
  text.take();
  if (text.atEnd) text.fail('a backslash at its end');
  const letter = text.take();
  const code = codeOf(letter, text);
  if (code === undefined) text.fail(`the escape '${text.since(start)}', which isn't known`);
  return code;
}

function codeOf(letter: string, text: Re2Text): number | undefined {
  if (letter === 'x') return hexadecimal(text);
  if (letter === '0' || (/[1-7]/.test(letter) && /[0-7]/.test(text.next))) return octal(letter, text);
  if (letter in CONTROL) return CONTROL[letter];
  const code = letter.codePointAt(0) as number;
  return code < 128 && !/[0-9A-Za-z]/.test(letter) ? code : undefined;
}

function octal(first: string, text: Re2Text): number {
  let digits = first;
  while (digits.length < 3 && /[0-7]/.test(text.next)) digits += text.take();
  return parseInt(digits, 8);
}

function hexadecimal(text: Re2Text): number | undefined {
  const digits = text.next === '{' ? braced(text) : text.take() + text.take();
  if (!/^[0-9A-Fa-f]+$/.test(digits) || digits.length === 1 && text.previous !== '}') return undefined;
  const code = parseInt(digits, 16);
  return code <= LAST_CHARACTER ? code : undefined;
}

function braced(text: Re2Text): string {
  text.take();
  let digits = '';
  while (!text.atEnd && text.next !== '}') digits += text.take();
  return text.take() === '}' ? digits : '';
}
