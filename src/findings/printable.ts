/** Most texts have none of it: one look is enough for them. */
const SUSPECT = /[^\t\x20-\x7e]|##|::/;
const UNUSUAL_IN_JSON = /[^\t\n\x20-\x7e]/;

/**
 * Control characters, what turns the direction of writing, line ends of Unicode, what has no width, and halves of
 * characters. A runner's comparison may skip what has no width, so that a command hidden behind it counts.
 */
const UNPRINTABLE = /(?!\t)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

/** `##[error]`, `##vso[task.setvariable]`, `##teamcity[…]`: runners look for them anywhere in a line. */
const BRACKETED_COMMAND = /##(?=[a-z]*\[)/gi;

/** `::error::`: where a line begins, or after blanks, since any blank may come to begin a line. */
const COLON_COMMAND = /(?<!\S)::(?=[a-z])/gi;

/** A text in one line that commands neither the terminal that shows it nor the CI runner that reads it. */
export function printable(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replace(UNPRINTABLE, escapeOf).replace(BRACKETED_COMMAND, '#\\u0023').replace(COLON_COMMAND, '\\u003a:');
}

/** The same of a text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** JSON that commands neither: what it holds stays the same, and `#` and the like only stand in its strings. */
export function printableJson(json: string): string {
  if (!UNUSUAL_IN_JSON.test(json) && !json.includes('##')) return json;
  return json.replace(UNPRINTABLE, (character) => (character === '\n' ? character : escapeOf(character))).replace(BRACKETED_COMMAND, '#\\u0023');
}

function escapeOf(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}
