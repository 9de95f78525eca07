import { X509Certificate } from 'node:crypto';
import { isMapping } from '../../../manifests/mapping';

/** The required members of a JSON Web Key by type; private ones besides `d`. */
const REQUIRED: { readonly [type: string]: readonly string[] } = {
  RSA: ['e', 'n'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  oct: ['k'],
};
const BYTES: { readonly [type: string]: readonly string[] } = {
  RSA: ['e', 'n'],
  EC: ['x', 'y'],
  OKP: ['x'],
  oct: ['k'],
};
const PRIVATE_BYTES: { readonly [type: string]: readonly string[] } = {
  RSA: ['d', 'dp', 'dq', 'p', 'q', 'qi'],
  EC: ['d'],
  OKP: ['d'],
  oct: [],
};
/** Not `x5u`: istiod's library looks for it under `x58`. */
const TEXTS = ['alg', 'kid', 'use', 'x5t', 'x5t#S256', 'x58'];

/** A parsed JSON Web Key. */
type Key = { readonly [field: string]: unknown };

/** The result of reading a text as a JSON Web Key Set. */
interface KeySet {
  /** What is wrong with it; the other members are then empty. */
  readonly wrong?: string;
  /** The indices of keys that aren't public. */
  readonly privateKeys: readonly number[];
}

/** Reads a JSON Web Key Set, or a single key, as strictly as istiod does. */
export function readKeySet(text: string): KeySet {
  const set = firstObjectIn(text);
  if (!set) return { wrong: 'a JSON object', privateKeys: [] };
  const keys = Object.hasOwn(set, 'keys') ? set.keys ?? [] : [set];
  if (!Array.isArray(keys)) return { wrong: 'a list under \'keys\'', privateKeys: [] };
  for (let index = 0; index < keys.length; index++) {
    const wrong = isMapping(keys[index]) ? wrongInKey(keys[index]) : NO_TYPE;
    if (wrong) return { wrong: `${wrong} in key ${index}`, privateKeys: [] };
  }
  return { privateKeys: [...keys.keys()].filter((index) => isPrivate(keys[index])) };
}

/** Ignores what follows the object, as istiod does. */
function firstObjectIn(text: string): Key | undefined {
  const value = parsed(text) ?? parsed(text.slice(0, endOfObject(text)));
  return isMapping(value) ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function endOfObject(text: string): number {
  let [depth, inString] = [0, false];
  // A regular expression would search for the end of each unterminated string.
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString && character === '\\') at++;
    else if (character === '"') inString = !inString;
    else if (!inString && character === '{') depth++;
    else if (!inString && character === '}' && --depth === 0) return at + 1;
  }
  return 0;
}

const NO_TYPE = '\'kty\' RSA, EC, OKP or oct';

function wrongInKey(key: Key): string | undefined {
  const type = typeOf(key);
  if (type === undefined) return NO_TYPE;
  const privately = type !== 'oct' && isPrivate(key);
  const missing = [...REQUIRED[type], ...(privately ? ['d'] : [])].find((field) => key[field] === undefined);
  if (missing) return `'${missing}', which a key of type ${type} must have,`;
  const bytes = [...BYTES[type], ...(privately ? PRIVATE_BYTES[type] : [])].find((field) => !isBase64Field(key[field]));
  if (bytes) return `'${bytes}' in base64`;
  const text = [...TEXTS, ...(type === 'EC' || type === 'OKP' ? ['crv'] : [])].find((field) => !isText(key[field]));
  if (text) return `a text under '${text}'`;
  if (!isTextList(key.key_ops)) return 'a list of texts under \'key_ops\'';
  return isCertificateChain(key.x5c) ? undefined : 'certificates in base64 under \'x5c\'';
}

/** The type, if it is valid; Go's JSON reader accepts the field in any case, the key itself only `kty`. */
function typeOf(key: Key): string | undefined {
  const types = fieldsOfAnyCase(key, 'kty').map((name) => key[name]).filter((type) => type !== null);
  if (!types.every((each) => typeof each === 'string')) return undefined;
  const type = types[types.length - 1];
  if (!Object.hasOwn(REQUIRED, type ?? '')) return undefined;
  return Object.hasOwn(key, 'kty') && key.kty !== type ? undefined : type;
}

function fieldsOfAnyCase(key: Key, field: string): string[] {
  return Object.keys(key).filter((name) => name.toLowerCase() === field);
}

function isPrivate(key: Key): boolean {
  return typeOf(key) === 'oct' || fieldsOfAnyCase(key, 'd').length > 0;
}

function isText(value: unknown): boolean {
  return value == null || typeof value === 'string';
}

function isTextList(value: unknown): boolean {
  return value == null || (Array.isArray(value) && value.every(isText));
}

function isBase64Field(value: unknown): boolean {
  return value == null || (typeof value === 'string' && isBase64(value));
}

function isCertificateChain(value: unknown): boolean {
  if (value == null) return true;
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string' && isBase64(entry) && isCertificate(entry));
}

function isCertificate(base64: string): boolean {
  try {
    return Boolean(new X509Certificate(Buffer.from(base64, 'base64')));
  } catch {
    return false;
  }
}

/** Whether it is base64 of either alphabet, padded or not; line breaks are ignored. */
function isBase64(text: string): boolean {
  const digit = /[+/]/.test(text) ? '[A-Za-z0-9+/]' : '[A-Za-z0-9_-]';
  const digits = text.replace(/[\r\n]/g, '');
  if (text.endsWith('=')) return new RegExp(`^(${digit}{4})*(${digit}{2}==|${digit}{3}=)$`).test(digits);
  return new RegExp(`^${digit}*$`).test(digits) && digits.length % 4 !== 1;
}
