/** A text that a plain scalar of YAML stands for, whichever version reads it. */
const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;

/** What YAML 1.1 takes for something else than text. */
const WORDS = new Set(['y', 'yes', 'n', 'no', 'true', 'false', 'on', 'off', 'null']);

/** A manifest as YAML: blocks of mappings and lists, texts in double quotes where they could be taken for something else. */
export function yamlText(value: unknown, indent = ''): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : value.map((entry) => `\n${indent}- ${nested(entry, `${indent}  `)}`).join('');
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
  if (typeof value !== 'string') return value instanceof Date ? JSON.stringify(value.toISOString()) : JSON.stringify(value);
  return PLAIN.test(value) && !WORDS.has(value.toLowerCase()) ? value : JSON.stringify(value);
}
