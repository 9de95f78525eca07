// Random edits of a text: of characters, of lines, and of what means something in YAML.
import { inserted } from './line-ends';
import { type Random } from './random';
import { type Writing } from './writing';

const TOKENS = ['\t', '\n', ' ', '  ', ': ', ':', '- ', '-', '? ', '#', ' # ', '---\n', '\n---\n', '\n...\n', '...', '|', '>', '|-', '"', '\'', '[', ']', '{', '}', ',', '&a ', '*a', '<<: *a', '!!str ', '!', '%', '@', '`', '\\', '~', 'null', 'yes', '0777', '0x1F', '1e3', '.inf', '\r', '\r\n', '\u0085', '\u2028', '\u2029', '\uFEFF', '\0', '\x07', '\u00a0', '😀', '\n\t', '\n ', '{}', '[]', '=', '""', '=', '<<', '%YAML 1.1\n', '--- '];

const EDITS: readonly ((writing: Writing, text: string) => string)[] = [
  ({ random }, text) => inserted(random, text, random.pick(TOKENS)),
  ({ random }, text) => inserted(random, text, random.pick(TOKENS)),
  ({ random }, text) => without(text, random.below(text.length), random.between(1, 3)),
  ({ random }, text) => ofLines(text, (lines) => lines.splice(random.below(lines.length), 1)),
  ({ random }, text) => ofLines(text, (lines) => lines.splice(random.below(lines.length), 0, random.pick(lines))),
  ({ random }, text) => ofLine(random, text, (line) => random.pick([' ', '  ', '\t', '- ', '# ']) + line),
  ({ random }, text) => ofLine(random, text, (line) => line.replace(/^ {1,2}/, '')),
  ({ random }, text) => ofLine(random, text, (line) => line + random.pick([' ', '\t', ' # c', ' |', ' >-', ':', '\\', ' &a', ' {}', '\u2028x: 1', '\u0085x: 1', '\r'])),
  ({ random }, text) => ofLine(random, text, (line) => line.replace(/: *[^ ].*$/, `: ${random.pick(['yes', '0o17', '1_000', '"a\n  b"', '[a, b', '{a: b}', '*a', '!!str 1', '|\n  x', '1:30', '2001-01-01', '\'', '!!binary aGk='])}`)),
  ({ random }, text) => ofLines(text, (lines) => {
    const [one, other] = [random.below(lines.length), random.below(lines.length)];
    [lines[one], lines[other]] = [lines[other], lines[one]];
  }),
];

/** A text with some edits. */
export function edited(writing: Writing, text: string, most: number): string {
  let changed = text;
  for (let left = writing.random.between(1, most); left > 0; left -= 1) changed = writing.random.pick(EDITS)(writing, changed);
  return changed;
}

function without(text: string, at: number, count: number): string {
  return text.slice(0, at) + text.slice(at + count);
}

function ofLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split('\n');
  change(lines);
  return lines.join('\n');
}

function ofLine(random: Random, text: string, change: (line: string) => string): string {
  return ofLines(text, (lines) => {
    const at = random.below(lines.length);
    lines[at] = change(lines[at]);
  });
}

const SOUP = ['a', 'b', 'kind: A', 'a: ', 'b:', ': ', ':', '- ', '-', '? ', '?', '{', '}', '[', ']', ', ', ',', '# c', '#', '&a ', '*a ', '<<: ', '!', '!!str ', '|\n', '>-\n', '\'', '"', '%', '@', '`', '\n', '\n', '\n', '\n  ', '\n ', '\n    ', ' ', ' ', '\t', '---\n', '...\n', '\\', '1', 'yes', '~', '\r', '\u2028', '\u0085', '\uFEFF'];

/** What means something in YAML, one after the other. */
export function soup({ random }: Writing): string {
  return random.list(2, 25, () => random.pick(SOUP)).join('');
}
