import { readEscape } from './re2-escape';
import { Re2Text } from './re2-text';
import { isUnicodeClass } from './unicode-classes';

const POSIX = /^\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit)$/;

/** Reads `[…]`, whose bracket is next. */
export function readClass(text: Re2Text): void {
  text.take();
  if (text.next === '^') text.take();
  for (let first = true; first || text.next !== ']'; first = false) {
    if (text.atEnd) text.fail('a \'[\' without its \']\'');
    if (!readNamedClass(text) && !readUnicodeClass(text) && !readPerlClass(text)) readRange(text);
  }
  text.take();
}

/** Reads `\d` and its like. */
export function readPerlClass(text: Re2Text): boolean {
  if (!/^\\[dDsSwW]$/.test(text.ahead(2))) return false;
  text.skip(2);
  return true;
}

/** Reads `\pL`, `\p{Greek}` and their negations. */
export function readUnicodeClass(text: Re2Text): boolean {
  if (!/^\\[pP]$/.test(text.ahead(2))) return false;
  const start = text.position;
  text.skip(2);
  let name: string | undefined = text.take();
  if (name === '{') name = text.takeThrough('}');
  if (name === undefined) text.fail('a \'\\p{\' without its \'}\'');
  if (!isUnicodeClass(name.replace(/^\^/, ''))) text.fail(`the class '${text.since(start)}', which isn't known`);
  return true;
}

function readNamedClass(text: Re2Text): boolean {
  if (text.ahead(2) !== '[:') return false;
  const start = text.position;
  text.skip(2);
  const name = text.takeThrough(':]');
  if (name === undefined) {
    text.position = start;
    return false;
  }
  if (!POSIX.test(name)) text.fail(`the class '${text.since(start)}', which isn't known`);
  return true;
}

function readRange(text: Re2Text): void {
  const start = text.position;
  const low = readCharacter(text);
  if (text.next !== '-' || text.ahead(2) === '-]' || text.ahead(2) === '-') return;
  text.take();
  if (readCharacter(text) < low) text.fail(`the range '${text.since(start)}', whose ends are the wrong way round`);
}

function readCharacter(text: Re2Text): number {
  if (text.atEnd) text.fail('a \'[\' without its \']\'');
  return text.next === '\\' ? readEscape(text) : text.take().codePointAt(0) as number;
}
