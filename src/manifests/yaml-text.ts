/** A text that every version of YAML reads as such without quotes. */
const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;

/** Words that YAML 1.1 doesn't read as text. */
const WORDS = new Set(['y', 'yes', 'n', 'no', 'true', 'false', 'on', 'off', 'null']);

/** A manifest as block YAML; texts that could be read as something else are in double quotes. */
function yamlText(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : value.map((entry) => `\n${indent}- ${nested(entry, `${indent}  `)}`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, field]) => field !== undefined);
    return entries.length === 0 ? '{}' : entries.map(([key, field]) => `\n${indent}${scalar(key)}:${afterKey(field, indent)}`).join('');
  }
  return scalar(value);
}

/** A document of its own. */
export function yamlDocument(value: object): string {
  return `${yamlText(value).trimStart()}\n`;
}

function afterKey(field: unknown, indent: string): string {
  const text = yamlText(field, `${indent}  `);
  return text.startsWith('\n') ? text : ` ${text}`;
}

/** An entry of a list: a mapping begins on the line of its dash. */
function nested(entry: unknown, indent: string): string {
  const text = yamlText(entry, indent);
  return Array.isArray(entry) ? text : text.trimStart();
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return PLAIN.test(value) && !WORDS.has(value.toLowerCase()) ? value : JSON.stringify(value).replace(UNSAFE, escapeOf);
}

/** Characters that are escaped: line ends and control characters that YAML, unlike JSON, doesn't accept in quotes, and invisible ones. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

function escapeOf(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}
