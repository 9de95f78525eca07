import { isUtf8 } from 'node:buffer';
import { UnreadableText } from './events';
import { YAML_TAGS } from './tokens';

/** The words for true and false. */
const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((word): [string, boolean] => [word, true]),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((word): [string, boolean] => [word, false]),
]);
const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const SPECIAL_FLOATS: ReadonlyMap<string, number> = new Map([
  ...['.nan', '.NaN', '.NAN'].map((word): [string, number] => [word, NaN]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, number] => [word, Infinity]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, number] => [word, -Infinity]),
]);

/** The first letters of words with a meaning. */
const SPECIAL_STARTS = new Uint8Array(128);
for (const letter of 'yYnNtTfFoO~') SPECIAL_STARTS[letter.charCodeAt(0)] = 1;

/** The type of a scalar. */
type Type = 'null' | 'bool' | 'int' | 'float' | 'str';

interface Resolved {
  readonly type: Type;
  readonly value: null | boolean | number | bigint | string;
  /** For a text that isn't UTF-8, and so has U+FFFD: its bytes, as Go keeps them. */
  readonly bytes?: string;
}

const TYPES: ReadonlySet<string> = new Set<Type>(['null', 'bool', 'int', 'float', 'str']);
const DATE = /^\d{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|1\d|2[0-8])$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * A scalar as Go's yaml.v2 resolves it, in YAML 1.1: `yes` and `on` are true, 0777 is octal, 1_000 is a number, base 60 isn't supported.
 */
export class Scalar {
  /** A node with properties but without text. */
  public static empty(tag: string, at: number): Scalar {
    return new Scalar('', tag, true, at);
  }

  public constructor(
    private readonly text: string, private readonly tag: string, private readonly isPlain: boolean, private readonly at: number,
  ) {}

  public get isMerge(): boolean {
    return this.text === '<<' && (this.tag === '' ? this.isPlain : this.tag === '!' || this.tag === `${YAML_TAGS}merge`);
  }

  /** A bigint if a number can't hold it exactly. */
  public get value(): Resolved['value'] {
    return this.isSurelyText ? this.text : asNumber(this.resolved().value);
  }

  /** The key as a text, as in Kubernetes: `8080` and `yes` become texts; null and integers beyond an int64 can't. */
  public get keyName(): string | undefined {
    if (this.isSurelyText) return this.text;
    const { type, value } = this.resolved();
    if (type === 'null' || (type === 'int' && isUnsigned64(value as number))) return undefined;
    return type === 'float' ? floatKey(value as number) : String(value);
  }

  /** The key's type and value, which identify it in Go; undefined for a text. */
  public get keyIdentity(): string | undefined {
    if (this.isSurelyText) return undefined;
    const { type, value, bytes } = this.resolved();
    return type === 'str' ? bytes : `${type} ${value}`;
  }

  /** The fast path for most scalars: no tag, and in quotes or with a first letter that no word or number has. */
  private get isSurelyText(): boolean {
    return this.tag === '' && (!this.isPlain || beginsLikeText(this.text));
  }

  private resolved(): Resolved {
    const { text, tag } = this;
    if (tag === '') return this.isPlain ? resolve(text) : { type: 'str', value: text };
    if (!tag.startsWith(YAML_TAGS)) return { type: 'str', value: text };
    return this.tagged(tag.slice(YAML_TAGS.length)) ?? this.misfit(tag.slice(YAML_TAGS.length));
  }

  /** Undefined if the text doesn't match its tag. */
  private tagged(type: string): Resolved | undefined {
    const { text } = this;
    if (type === 'binary') return binary(text);
    if (type === 'timestamp') return DATE.test(text) ? { type: 'str', value: text } : undefined;
    if (type === 'str' || !TYPES.has(type)) return { type: 'str', value: text };
    const resolved = resolve(text);
    if (resolved.type === type) return resolved;
    const isExact = resolved.type === 'int' && !isUnsigned64(resolved.value as number);
    return type === 'float' && isExact ? { type: 'float', value: Number(resolved.value) } : undefined;
  }

  private misfit(type: string): never {
    const isUnusual = type === 'timestamp';
    throw new UnreadableText(isUnusual ? 'ADMIT160' : 'ADMIT151',
      isUnusual ? 'the tag !!timestamp' : `a value that doesn't match its tag !!${type}`, this.at);
  }
}

function binary(text: string): Resolved | undefined {
  const base64 = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  if (isUtf8(bytes)) return { type: 'str', value: bytes.toString('utf8') };
  return { type: 'str', value: replaced(bytes), bytes: `bytes ${bytes.toString('hex')}` };
}

/** A character as its UTF-8 bytes, or a byte that belongs to no character. */
const UTF8 =
  /[^\x80-\xff]+|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

/** Text that isn't UTF-8, with U+FFFD for each byte that belongs to no character, as in Go; Node uses one for several bytes. */
function replaced(bytes: Buffer): string {
  return bytes.toString('latin1').replace(UTF8,
    (piece) => (/^[\x80-\xff]$/.test(piece) ? '\ufffd' : Buffer.from(piece, 'latin1').toString('utf8')));
}

function resolve(text: string): Resolved {
  if (beginsLikeText(text)) return { type: 'str', value: text };
  const word = WORDS.get(text);
  if (word !== undefined) return { type: 'bool', value: word };
  if (NULLS.has(text)) return { type: 'null', value: null };
  const special = SPECIAL_FLOATS.get(text);
  if (special !== undefined) return { type: 'float', value: special };
  return number(text) ?? { type: 'str', value: text };
}

function beginsLikeText(text: string): boolean {
  const first = text.charCodeAt(0);
  return first > 0x7e || (first > 0x39 && SPECIAL_STARTS[first] === 0);
}

function number(text: string): Resolved | undefined {
  if (!/^[-+.\d]/.test(text)) return undefined;
  const whole = text.startsWith('.') ? undefined : integer(text);
  if (whole !== undefined) return { type: 'int', value: whole };
  const value = float(text);
  return value === undefined ? undefined : { type: 'float', value };
}

/** The value of a plain scalar that begins with a letter, a digit or `/`. */
export function plainScalar(text: string): Resolved['value'] {
  return asNumber(resolve(text).value);
}

function asNumber(value: Resolved['value']): Resolved['value'] {
  return typeof value === 'bigint' ? exactNumber(value) ?? value : value;
}

const INTEGER = /^([-+]?)(0b[01]+|0x[0-9a-f]+|0o?[0-7]+|0|[1-9]\d*)$/i;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;
/** With underscores, which Go's floats allow only between digits. */
const FRACTION = /^\.\d+(?:_\d+)*(?:e[-+]?\d+(?:_\d+)*)?$/i;
const LARGEST_INT64 = 2n ** 63n - 1n;
const LARGEST_UINT64 = 2n ** 64n - 1n;

/** Up to this length a number is surely one that JavaScript holds exactly. */
const SURELY_SAFE = 12;

/** The int64 or uint64 of a text that begins with a sign or digit, as Go's yaml.v2 reads it. A bigint if a number can't hold it exactly. */
function integer(text: string): number | bigint | undefined {
  const match = INTEGER.exec(text.replaceAll('_', '').replace(/^0b([-+])(?=[01])/, '$10b'));
  if (!match) return undefined;
  const [, sign, digits] = match;
  const literal = /^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (literal.length <= SURELY_SAFE) return sign === '-' ? 0 - Number(literal) : Number(literal);
  const size = BigInt(literal);
  if (size > LARGEST_UINT64 || (sign !== '' && size > LARGEST_INT64 + (sign === '-' ? 1n : 0n))) return undefined;
  return sign === '-' ? -size : size;
}

/** An integer as a number; undefined if a number can't hold it exactly. */
export function exactNumber(digits: string | bigint): number | undefined {
  const value = Number(digits);
  if (!Number.isFinite(value)) return undefined;
  return String(value) === String(digits) || BigInt(value) === BigInt(digits) ? value : undefined;
}

/** Whether an integer is beyond an int64: such an integer can't be a key. */
function isUnsigned64(value: number | bigint): boolean {
  return value > LARGEST_INT64;
}

/** The float of a text that begins with a sign, digit or dot. */
function float(text: string): number | undefined {
  const isFraction = text.startsWith('.');
  const plain = text.replaceAll('_', '');
  if (!(isFraction ? FRACTION.test(text) : FLOAT.test(plain))) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/** A float key, as Go prints it: with the fewest digits that identify the float32. */
function floatKey(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  let precision = 1;
  while (Math.fround(Number(single.toPrecision(precision))) !== single) precision++;
  const [digits, exponent] = single.toExponential(precision - 1).split('e');
  const size = Number(exponent);
  if (size < -4 || size >= 6) return `${digits}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(2, '0')}`;
  return Number(single.toPrecision(precision)).toFixed(Math.max(precision - 1 - size, 0));
}
