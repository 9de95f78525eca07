/** A block of PEM, to its end or to the end of the text. */
const PEM = /-----BEGIN[^]*?(?:-----END[^-]*-----|$)/g;

/** Letters of base64; `_` and `-` are of its form for URLs, and characters that nobody sees may stand between. */
const LETTER = '[A-Za-z0-9+/_\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff-]';

/**
 * Base64 long enough for a part of a key, and its further lines. Of what is longer than any key each part counts for itself:
 * an expression without bounds would exhaust the stack.
 */
const BASE64 = new RegExp(`${LETTER}{40,9999}={0,2}(?:(?:[\\r\\n]{1,9}|\\\\n)${LETTER}{1,999}={0,2}){0,99}`, 'g');

/** Base64 in parts, each too short to be told for a part of a key by itself: so YAML folds lines, and JSON escapes their ends. */
const FOLD = '(?:[ \\t\\r\\n]{1,9}|\\\\[nrt])';
const FOLDED = new RegExp(`(?<!${LETTER})${LETTER}{12,9999}={0,2}(?:${FOLD}${LETTER}{12,9999}={0,2}){1,99}(?:${FOLD}${LETTER}{1,11}={1,2})?`, 'g');
const FOLDS = new RegExp(`(${FOLD})`);

/** How keys and certificates begin in base64, RSA's and those of elliptic curves: told however short, since a text may end within. */
const BEGINNING = new RegExp(`(?<!${LETTER})M(?:II|IG|Hc|C4)${LETTER}{9,9999}`, 'g');

/** How many characters parts have together that may be of a key. */
const LEAST = 40;

/** How much of either is shown: enough to find it again, too little to be of use. */
const SHOWN = 8;

/**
 * A text of a manifest as a message may quote it: of PEM and of what may be a key in base64 only the beginning. What
 * belongs into a Secret is pasted into names, labels and annotations, too.
 */
export function redacted(text: string): string {
  if (text.length < 11) return text;
  const withoutPem = text.includes('-----BEGIN') ? text.replace(PEM, (block) => cut(block, '-----BEGIN'.length)) : text;
  return withoutBase64(withoutPem);
}

function withoutBase64(text: string): string {
  return text.replace(FOLDED, withoutFolded)
    .replace(BASE64, (run) => (mayBeKey(run) ? cut(run, SHOWN) : run))
    .replace(BEGINNING, (run) => cut(run, SHOWN));
}

/** Of parts and what is between them: without neighbours that may together be of a key. */
function withoutFolded(run: string): string {
  const pieces = run.split(FOLDS);
  let told = '';
  for (let start = 0; start < pieces.length;) {
    let end = start;
    while (end < pieces.length && isMixed(pieces[end])) end += 2;
    const neighbours = pieces.slice(start, Math.max(start + 1, end - 1)).join('');
    told += end > start + 2 && neighbours.length >= LEAST && mayBeKey(neighbours) ? cut(neighbours, SHOWN) : neighbours;
    start = Math.max(start + 1, end - 1);
    if (start < pieces.length) told += pieces[start++];
  }
  return told;
}

/** As hardly any word is, and nearly every part of a key; its end may be short. */
function isMixed(part: string): boolean {
  return part.endsWith('=') || (/[A-Z]/.test(part) && /[a-z]/.test(part));
}

/** The texts of a finding, redacted. */
export function redactedTexts<T extends Texts>(finding: T): T {
  const { actual, expected, because, fix, change } = finding;
  return {
    ...finding,
    actual: redacted(actual),
    expected: redacted(expected),
    ...because !== undefined && { because: redacted(because) },
    fix: redacted(fix),
    ...change !== undefined && { change: isWhole(change) ? change : undefined },
  };
}

/** Whether nothing is cut out of a value: what is left of a change mends nothing. */
function isWhole(value: unknown): boolean {
  return JSON.stringify(redactedValue(value)) === JSON.stringify(value);
}

interface Texts {
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  readonly fix: string;
  readonly change?: unknown;
}

/** A value with all texts in it redacted, keys included; a list of which nothing is cut is the very same: findings have many. */
export function redactedValue<T>(value: T): T {
  if (typeof value === 'string') return redacted(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(redactedValue);
    return items.every((item, index) => item === value[index]) ? value : items as T;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redacted(key), redactedValue(item)])) as T;
}

/** Redacts the texts within JSON in one go: quotes and escapes stay what they are. */
export function redactedJson(json: string): string {
  return withoutBase64(json);
}

/** Whether a run of base64 letters may be of a key: names and hashes have no upper case, lower case and digits at once. */
function mayBeKey(run: string): boolean {
  return /[A-Z]/.test(run) && /[a-z]/.test(run) && /\d/.test(run);
}

function cut(secret: string, length: number): string {
  return `${secret.slice(0, length)}… (${secret.length - length} characters not shown)`;
}

const LONGEST = 80;

/** A secret that begins within what is shown must be seen as one. */
const LOOKED_AT = 2 * LONGEST;

/** A value as an objection's `actual` shows it: strings quoted, the rest as JSON, what is long cut short. */
export function shown(value: unknown, longest = LONGEST): string {
  if (value === undefined) return 'missing';
  const text = typeof value === 'string' ? `'${excerpt(value, longest)}'` : jsonExcerpt(value, longest);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** JSON that stops soon after `budget` characters, so that neither a huge nor a cyclic value costs much. */
function jsonExcerpt(value: unknown, budget: number): string {
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(excerpt(value, budget)) : String(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  let text = open;
  for (const key of Object.keys(value)) {
    if (text.length >= budget) break;
    const item = jsonExcerpt((value as Record<string, unknown>)[key], budget - text.length);
    text += `${text === open ? '' : ','}${Array.isArray(value) ? '' : `${JSON.stringify(excerpt(key, budget))}:`}${item}`;
  }
  return text + close;
}

function excerpt(value: string, length: number): string {
  return redacted(value.slice(0, LOOKED_AT)).slice(0, length);
}

/** Most texts have none of it: one look is enough for them. */
const SUSPECT = /[^\t\x20-\x7e]|##|::/;
const UNUSUAL_IN_JSON = /[^\t\n\x20-\x7e]/;

/**
 * Control characters, what turns the direction of writing, line ends of Unicode, what has no width, and halves of
 * characters. A runner's comparison may skip what has no width, so that a command hidden behind it counts.
 */
function unprintable(): RegExp {
  // Made when it is needed: to read the names of its classes takes a millisecond.
  return /(?!\t)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;
}

/** `##[error]`, `##vso[task.setvariable]`, `##teamcity[…]`: runners look for them anywhere in a line. */
const BRACKETED_COMMAND = /##(?=[a-z]*\[)/gi;

/** `::error::`: where a line begins, or after blanks, since any blank may come to begin a line. */
const COLON_COMMAND = /(?<!\S)::(?=[a-z])/gi;

/** A text in one line that commands neither the terminal that shows it nor the CI runner that reads it. */
export function printable(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replace(unprintable(), escapeOf).replace(BRACKETED_COMMAND, '#\\u0023').replace(COLON_COMMAND, '\\u003a:');
}

/** The same of a text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** JSON that commands neither: what it holds stays the same, and `#` and the like only stand in its strings. */
export function printableJson(json: string): string {
  if (!UNUSUAL_IN_JSON.test(json) && !json.includes('##')) return json;
  return json.replace(unprintable(), (character) => (character === '\n' ? character : escapeOf(character))).replace(BRACKETED_COMMAND, '#\\u0023');
}

function escapeOf(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}
