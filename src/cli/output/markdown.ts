import { printable, redacted } from '../../findings/safe-text';

/** A part of a runbook, below a heading. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly string[];
}

/** Shell commands, one per line. */
export function shell(...lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}

/** A query for Prometheus. */
export function promql(query: string): string {
  return ['```promql', query, '```'].join('\n');
}

/**
 * A text as a code span in a table cell. Characters that would end the cell or the span
 * are escaped, as in all formats, and text that may be part of a key is redacted.
 */
export function code(text: string): string {
  return `\`${printable(redacted(text)).replaceAll('|', '\\u007c').replaceAll('`', '\\u0060').replaceAll('\t', ' ')}\``;
}

export function list(...items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A page with a list of its sections. */
export function page(title: string, introduction: readonly string[], sections: readonly Section[]): string {
  const numbered = sections.map((section, index) => ({ ...section, title: `${index + 1}. ${section.title}` }));
  return [
    `# ${title}`,
    ...introduction,
    list(...numbered.map((section) => `[${section.title}](#${anchorOf(section.title)})`)),
    ...numbered.flatMap((section) => [`## ${section.title}`, ...section.blocks]),
  ].map((block) => `${block}\n`).join('\n');
}

/** The anchor that GitHub and GitLab generate for a heading. */
function anchorOf(title: string): string {
  return title.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-');
}
