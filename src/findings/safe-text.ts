import { keyGroups, type Span } from './key-groups';

/** A block of PEM, to its end or to the end of the text. */
const PEM = /-----BEGIN[^]*?(?:-----END[^-]*-----|$)/g;

/** Base64 letters; `_` and `-` are those of URLs, and invisible characters may stand in between. */
const LETTER = '[A-Za-z0-9+/_\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff-]';

/**
 * Base64 long enough to be part of a key, and its further lines. Each part of a text longer than any key is matched separately:
 * an unbounded expression would exhaust the stack.
 */
const BASE64 = new RegExp(`${LETTER}{40,9999}={0,2}(?:(?:[\\r\\n]{1,9}|\\\\n)${LETTER}{1,999}={0,2}){0,99}`, 'g');

/** Base64 in parts, each too short to be recognized as part of a key: YAML folds lines like this, and JSON escapes their ends. */
const FOLD = '(?:[ \\t\\r\\n]{1,9}|\\\\[nrt])';
const FOLDED = new RegExp(
  `(?<!${LETTER})${LETTER}{12,9999}={0,2}(?:${FOLD}${LETTER}{12,9999}={0,2}){1,99}(?:${FOLD}${LETTER}{1,11}={1,2})?`, 'g',
);
const FOLDS = new RegExp(`(${FOLD})`);

/** The beginnings of keys and certificates in base64, RSA's and elliptic curves': matched however short, since a text may be cut off. */
const BEGINNING = new RegExp(`(?<!${LETTER})M(?:II|IG|Hc|C4)${LETTER}{9,9999}`, 'g');

const WORDS = /(?:[A-Z]?[a-z]{3,}[^A-Za-z0-9+/]+)*/y;

/** The minimum total length of parts that may belong to a key. */
const LEAST = 40;

/** How much of either is shown: enough to find it again, too little to be useful. */
const SHOWN = 8;

/**
 * A text of a manifest as a message may quote it: only the beginning of PEM and of base64 that may be a key. Secrets get pasted
 * into names, labels and annotations, too.
 */
export function redacted(text: string): string {
  if (text.length < 11) return text;
  const withoutPem = text.includes('-----BEGIN') ? text.replace(PEM, (block) => cut(block, '-----BEGIN'.length)) : text;
  return withoutBase64(withoutPem, true);
}

/**
 * All that may be of a key is found in the text as it is, since a part that is hardly one by itself is known by those beside it.
 *
 * @param isPlain whether the text isn't JSON, whose quotes must stay
 */
function withoutBase64(text: string, isPlain: boolean): string {
  const spans: Span[] = [
    ...spansOf(text, FOLDED).flatMap((span) => foldedParts(text, span)),
    ...spansOf(text, BASE64).filter(([start, end]) => mayBeKey(text.slice(start, end))),
    ...spansOf(text, BEGINNING),
    ...keyGroups(text, isPlain).map((span) => withoutWordsBefore(text, span)),
  ];
  return spans.length === 0 ? text : withoutSpans(text, spans);
}

function spansOf(text: string, pattern: RegExp): readonly Span[] {
  return Array.from(text.matchAll(pattern), ({ index, 0: { length } }) => [index, index + length]);
}

/** Words may stand before a key within reach of what is looked at together. */
function withoutWordsBefore(text: string, [start, end]: Span): Span {
  WORDS.lastIndex = start;
  return [start + WORDS.exec(text)![0].length, end];
}

function withoutSpans(text: string, spans: Span[]): string {
  let [told, at] = ['', 0];
  spans.sort(([a], [b]) => a - b);
  for (let next = 0; next < spans.length;) {
    let [start, end] = spans[next++];
    while (next < spans.length && spans[next][0] <= end) end = Math.max(end, spans[next++][1]);
    told += text.slice(at, start) + cut(text.slice(start, end), SHOWN);
    at = end;
  }
  return told + text.slice(at);
}

/** Whether a text may hold a key, or a part of one, that messages don't show. */
export function mayShowKey(text: string): boolean {
  return redacted(text) !== text;
}

/** Adjacent parts that may together belong to a key. */
function foldedParts(text: string, [from, to]: Span): readonly Span[] {
  const pieces = text.slice(from, to).split(FOLDS);
  const spans: Span[] = [];
  for (let [first, at] = [0, from]; first < pieces.length;) {
    let end = first;
    while (end < pieces.length && isMixed(pieces[end])) end += 2;
    const neighbours = pieces.slice(first, Math.max(first + 1, end - 1)).join('');
    if (end > first + 2 && neighbours.length >= LEAST && mayBeKey(neighbours)) spans.push([at, at + neighbours.length]);
    first = Math.max(first + 2, end);
    at += neighbours.length + (pieces[first - 1]?.length ?? 0);
  }
  return spans;
}

/** True of hardly any word, and of nearly every part of a key; the last part may be short. */
function isMixed(part: string): boolean {
  return part.endsWith('=') || (/[A-Z]/.test(part) && /[a-z]/.test(part));
}

/** Redacts the texts within JSON at once: quotes and escapes stay as they are. */
export function redactedJson(json: string): string {
  return withoutBase64(json, false);
}

/** Whether a run of base64 letters may belong to a key: names and hashes don't have upper case, lower case and digits at once. */
function mayBeKey(run: string): boolean {
  return /[A-Z]/.test(run) && /[a-z]/.test(run) && /\d/.test(run);
}

function cut(secret: string, length: number): string {
  return `${secret.slice(0, length)}… (${secret.length - length} characters not shown)`;
}

const LONGEST = 80;

/** Longer than what is shown, so that a secret which begins within it is recognized. */
const LOOKED_AT = 2 * LONGEST;

/** A value as shown in an objection's `actual`: strings quoted, the rest as JSON, long values cut. */
export function shown(value: unknown, longest = LONGEST): string {
  if (value === undefined) return 'missing';
  const text = typeof value === 'string' ? `'${excerpt(value, longest)}'` : jsonExcerpt(value, longest);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** JSON that stops soon after `budget` characters, so that neither a huge nor a cyclic value costs much. */
function jsonExcerpt(value: unknown, budget: number): string {
  if (value === null || typeof value !== 'object') {
    return typeof value === 'string' ? JSON.stringify(excerpt(value, budget)) : String(value);
  }
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

/** Most texts have none of these characters: one test is enough for them. */
const SUSPECT = /[^\t\x20-\x7e]|##|::/;
const UNUSUAL_IN_JSON = /[^\t\n\x20-\x7e]/;

/**
 * Control characters, characters that change the writing direction, Unicode line ends, characters of zero width, and unpaired
 * surrogates. A runner may skip characters of zero width, so that a command hidden behind one would be executed.
 */
function unprintable(): RegExp {
  // Created on demand: compiling its character classes takes a millisecond.
  return /(?!\t)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;
}

/** `##[error]`, `##vso[task.setvariable]`, `##teamcity[…]`: runners look for them anywhere in a line. */
const BRACKETED_COMMAND = /##(?=[a-z]*\[)/gi;

/** `::error::`: at the beginning of a line or after a space, since any space may become the beginning of a line. */
const COLON_COMMAND = /(?<!\S)::(?=[a-z])/gi;

/** A text in one line without commands to the terminal that shows it or the CI runner that reads it. */
export function printable(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replace(unprintable(), escapeOf).replace(BRACKETED_COMMAND, '#\\u0023').replace(COLON_COMMAND, '\\u003a:');
}

/** The same for a text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** JSON without commands to either: its value stays the same, and `#` and the like only occur in its strings. */
export function printableJson(json: string): string {
  if (!UNUSUAL_IN_JSON.test(json) && !json.includes('##')) return json;
  return json.replace(unprintable(), (character) => (character === '\n' ? character : escapeOf(character))).replace(
    BRACKETED_COMMAND, '#\\u0023',
  );
}

function escapeOf(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}
