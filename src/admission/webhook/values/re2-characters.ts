/** The text of a regular expression, read character by character. */
export class Re2Text {
  private readonly characters: readonly string[];
  public position = 0;

  public constructor(text: string) {
    this.characters = [...text];
  }

  public get atEnd(): boolean {
    return this.position >= this.characters.length;
  }

  /** The next character, empty at the end. */
  public get next(): string {
    return this.characters[this.position] ?? '';
  }

  public get previous(): string {
    return this.characters[this.position - 1] ?? '';
  }

  /** The next `count` characters. */
  public ahead(count: number): string {
    return this.characters.slice(this.position, this.position + count).join('');
  }

  /** The text read since a position. */
  public since(position: number): string {
    return this.characters.slice(position, this.position).join('');
  }

  public take(): string {
    const character = this.next;
    if (!this.atEnd) this.position += 1;
    return character;
  }

  public skip(count: number): void {
    this.position += count;
  }

  /** Reads past the next occurrence of a text and returns what precedes it; undefined if there is none. */
  public takeThrough(end: string): string | undefined {
    const rest = this.characters.slice(this.position).join('');
    const index = rest.indexOf(end);
    if (index < 0) return undefined;
    const before = rest.slice(0, index);
    this.position += [...before].length + [...end].length;
    return before;
  }

  /** Stops reading: the expression has `fault`. */
  public fail(fault: string): never {
    throw new Re2Fault(fault);
  }
}

/** Why a text isn't a regular expression. */
export class Re2Fault {
  public constructor(public readonly fault: string) {}
}

const POSIX = /^\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit)$/;

/** Reads `[…]` from its bracket. */
export function readClass(text: Re2Text): void {
  text.take();
  if (text.next === '^') text.take();
  for (let first = true; first || text.next !== ']'; first = false) {
    if (text.atEnd) text.fail('a \'[\' without its \']\'');
    if (!readNamedClass(text) && !readUnicodeClass(text) && !readPerlClass(text)) readRange(text);
  }
  text.take();
}

/** Reads `\d` and the like. */
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

const CONTROL: { readonly [letter: string]: number } = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const LAST_CHARACTER = 0x10ffff;

/** Reads an escaped character from its backslash, and returns its code point. */
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

/** The general categories of Unicode that `\p{…}` accepts. */
const CATEGORIES = 'C Cc Cf Cn Co Cs L Lc Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs';

/** Their long names, and the classes that aren't categories. */
const NAMES = 'Any Ascii Assigned Casedletter Closepunctuation Combiningmark Connectorpunctuation Control Currencysymbol '
  + 'Dashpunctuation Decimalnumber Enclosingmark Finalpunctuation Format Initialpunctuation Letter Letternumber Lineseparator '
  + 'Lowercaseletter Mark Mathsymbol Modifierletter Modifiersymbol Nonspacingmark Number Openpunctuation Other Otherletter '
  + 'Othernumber Otherpunctuation Othersymbol Paragraphseparator Privateuse Punctuation Separator Spaceseparator Spacingmark '
  + 'Surrogate Symbol Titlecaseletter Unassigned Uppercaseletter Cntrl Digit Punct';

/** The scripts, except those whose names have two words: Go 1.26, which istiod is built with, finds none of them. */
const SCRIPTS = 'Adlam Ahom Arabic Armenian Avestan Balinese Bamum Batak Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid '
  + 'Carian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari Dogra Duployan Elbasan '
  + 'Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gurmukhi Han Hangul Hanunoo Hatran Hebrew Hiragana '
  + 'Inherited Javanese Kaithi Kannada Katakana Kawi Kharoshthi Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Lisu Lycian Lydian '
  + 'Mahajani Makasar Malayalam Mandaic Manichaean Marchen Medefaidrin Miao Modi Mongolian Mro Multani Myanmar Nabataean '
  + 'Nandinagari Newa Nko Nushu Ogham Oriya Osage Osmanya Palmyrene Phoenician Rejang Runic Samaritan Saurashtra Sharada Shavian '
  + 'Siddham Sinhala Sogdian Soyombo Sundanese Syriac Tagalog Tagbanwa Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan '
  + 'Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Yezidi Yi';

const CLASSES: ReadonlySet<string> = new Set([CATEGORIES, NAMES, SCRIPTS].flatMap((list) => list.split(' ')));

/** Whether `\p{name}` is a class; case, spaces, `-` and `_` don't matter. */
function isUnicodeClass(name: string): boolean {
  const letters = name.replace(/[ _-]/g, '');
  return CLASSES.has(letters.charAt(0).replace(/[a-z]/, upper) + letters.slice(1).replace(/[A-Z]/g, lower));
}

function upper(letter: string): string {
  return letter.toUpperCase();
}

function lower(letter: string): string {
  return letter.toLowerCase();
}
