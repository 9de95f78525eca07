/** A token of an expression: its kind and its text. */
export interface CelToken {
  readonly kind: 'number' | 'text' | 'quoted' | 'name' | 'sign' | 'end';
  readonly text: string;
}

const ESCAPE = String.raw`\\(?:[abfnrtv"'\\?` + '`' + String.raw`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})`;
const RAW = String.raw`[rR](?:"""[^]*?"""|'''[^]*?'''|"[^"\n\r]*"|'[^'\n\r]*')`;
const COOKED = [
  String.raw`"""(?:${ESCAPE}|[^\\])*?"""`,
  String.raw`'''(?:${ESCAPE}|[^\\])*?'''`,
  String.raw`"(?:${ESCAPE}|[^\\"\n\r])*"`,
  String.raw`'(?:${ESCAPE}|[^\\'\n\r])*'`,
].join('|');
const NUMBER = String.raw`(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|(?:0x[0-9a-fA-F]+|\d+)[uU]?`;
const SIGN = String.raw`&&|\|\||[<>=!]=|[<>?:.,+\-*/%!()[\]{}]`;
const TOKEN = new RegExp(
  String.raw`(?<blank>[ \t\r\n\f]+|//[^\n]*)|(?<text>[bB]?(?:${RAW}|${COOKED}))|(?<number>${NUMBER})`
  + '|(?<quoted>`[A-Za-z0-9_.\\-/ ]+`)' + String.raw`|(?<name>[A-Za-z_]\w*)|(?<sign>${SIGN})`, 'y');

const BYTES = /^[bB]/;
const RAW_START = /^[bB]?[rR]/;
const UNICODE_ESCAPE = /\\(?:\\|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g;
const INT64 = 2n ** 63n;

/** The tokens of a CEL expression, ending with an end token. Throws a `SyntaxError` for invalid text. */
export function tokensOf(expression: string): CelToken[] {
  const tokens: CelToken[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < expression.length;) {
    const place = TOKEN.lastIndex;
    const groups = TOKEN.exec(expression)?.groups;
    if (!groups) throw new SyntaxError(`nothing in CEL starts with ${expression.slice(place, place + 10)}`);
    const kind = (['text', 'number', 'quoted', 'name', 'sign'] as const).find((group) => groups[group] !== undefined);
    if (kind === 'text') checkText(groups.text);
    if (kind) tokens.push({ kind, text: groups[kind] });
  }
  return [...tokens, { kind: 'end', text: 'the end' }];
}

function checkText(text: string): void {
  if (RAW_START.test(text)) return;
  for (const [escape, four, eight] of text.matchAll(UNICODE_ESCAPE)) {
    if (escape === '\\\\') continue;
    if (BYTES.test(text)) throw new SyntaxError(`bytes can't hold ${escape}`);
    if (!isCharacter(parseInt(four ?? eight, 16))) throw new SyntaxError(`there is no character ${escape}`);
  }
}

/** Halves of UTF-16 pairs aren't characters. */
function isCharacter(code: number): boolean {
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}

/** Throws a `SyntaxError` for a number that doesn't fit in 64 bits. */
export function checkCelNumber(text: string, negative: boolean): void {
  const whole = /^(0x[0-9a-fA-F]+|\d+)([uU]?)$/.exec(text);
  if (!whole) {
    if (!Number.isFinite(Number(text))) throw new SyntaxError(`${text} is too large`);
    return;
  }
  const value = BigInt(whole[1]);
  const limit = whole[2] ? 2n * INT64 : INT64 + (negative ? 1n : 0n);
  if (value >= limit) throw new SyntaxError(`${text} is too large`);
}
