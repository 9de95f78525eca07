/** Words that YAML takes for themselves: no number, no truth value, nothing with a meaning of its own. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_/][\w./@-]*$/i;

/** A value as block YAML after `key:` or `-`, its lines indented deeper than a column. */
export function blockText(value: unknown, column: number): string {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return ` ${flowText(value)}`;
  return `\n${blockLines(value, column + 2).join('\n')}`;
}

/** A mapping or a list that isn't empty, line by line. */
export function blockLines(value: object, column: number): string[] {
  const before = ' '.repeat(column);
  if (Array.isArray(value)) return value.flatMap((item: unknown) => itemText(item, column).split('\n'));
  return Object.entries(value).flatMap(([key, item]) => `${before}${flowText(key)}:${blockText(item, column)}`.split('\n'));
}

/** An item of a list, whose first field stands beside the dash. */
export function itemText(item: unknown, column: number): string {
  const text = blockText(item, column);
  return `${' '.repeat(column)}-${text.startsWith('\n') ? ` ${text.slice(column + 3)}` : text}`;
}

/** A value in one line. */
export function flowText(value: unknown): string {
  return typeof value === 'string' && PLAIN.test(value) ? value : JSON.stringify(value);
}
