// Collections in block style, and what may stand behind a key or a dash.
import { blockScalar } from './block-scalars';
import { COMMON } from './features';
import { flow } from './flow';
import { newKey } from './keys';
import { merges } from './merges';
import { withNamesakes } from './namesakes';
import { withProperties } from './properties';
import { oneLine, SCALARS } from './scalars';
import { type Choice, type Writing } from './writing';

const VALUES: readonly Choice<[indent: number, depth: number]>[] = [
  [50, undefined, (writing, indent) => ` ${writing.choose(SCALARS, ' '.repeat(indent + 1))}`],
  [18, 'a block mapping', (writing, indent, depth) => below(writing, indent, (deeper) => mapping(writing, deeper, depth - 1))],
  [14, 'a block sequence', (writing, indent, depth) => below(writing, indent, (deeper) => sequence(writing, deeper, depth - 1), true)],
  [9, undefined, (writing, indent) => ` ${flow(writing, ' '.repeat(indent + 2), 2)}`],
  [5, undefined, (writing, indent) => blockScalar(writing, indent)],
  [2, 'no value at all', () => ''],
];

/** What stands behind a colon of a mapping at `indent`, from the space or line end on. */
export function value(writing: Writing, indent: number, depth: number): string {
  const plain = () => (depth > 0 ? writing.choose(VALUES, indent, depth) : ` ${oneLine(writing)}`);
  const text = withProperties(writing, plain);
  return `${tabbed(writing, text)}${behind(writing, text)}`;
}

/** A tab takes the place of the space in front. */
function tabbed(writing: Writing, text: string): string {
  return text.startsWith(' ') && writing.sometimes(0.01, 'a tab after a colon or dash') ? writing.random.pick(['\t', ' \t', '\t ']) + text.slice(1) : text;
}

/** Spaces and comments behind what ends on its own line. */
function behind(writing: Writing, text: string): string {
  const { random } = writing;
  if (text.includes('\n') || /^\s*[|>]/.test(text)) return '';
  if (writing.sometimes(0.06, 'a comment behind a value')) return random.pick([' # c', ' #', '  # a: b', ' # "', ' #no space']);
  if (writing.sometimes(0.01, 'a tab before a comment')) return random.pick(['\t# c', '\t', ' \t ']);
  return writing.sometimes(0.03, 'trailing spaces') ? random.pick([' ', '  ', '    ']) : '';
}

function below(writing: Writing, indent: number, make: (deeper: number) => string, mayStay = false): string {
  const { random } = writing;
  if (mayStay && indent >= 0 && writing.sometimes(0.4, 'a sequence no deeper than its key')) return `\n${' '.repeat(indent)}${make(indent)}`;
  const odd = writing.sometimes(0.1, 'indentation of one, three or four');
  const deeper = indent + (odd ? random.pick([1, 3, 4]) : 2);
  const pad = ' '.repeat(deeper);
  return `\n${between(writing, pad)}${pad}${make(deeper)}`;
}

/** A key, and what stands behind its colon. */
export type Entry = readonly [key: string, text: string];

/** A block mapping, which begins with some entries; its first line is already indented. */
export function mapping(writing: Writing, indent: number, depth: number, first: readonly Entry[] = []): string {
  const { random } = writing;
  const known = [...writing.anchors];
  const taken = new Set(first.map(([key]) => key));
  const entries = first.map(([key, text]) => `${key}:${text}`);
  for (let left = random.between(first.length > 0 ? 0 : 1, 4); left > 0; left -= 1) entries.push(entry(writing, indent, depth, taken));
  return joined(writing, indent, withNamesakes(writing, merges(writing, indent, entries, known)));
}

function entry(writing: Writing, indent: number, depth: number, taken: Set<string>): string {
  const { random } = writing;
  if (depth > 0 && writing.sometimes(0.003, 'a collection as key')) {
    return `? ${random.pick(['[a, b]', '{a: b}', '- a', 'a: b', '[]', '&k {a: 1}'])}\n${' '.repeat(indent)}:${value(writing, indent, 0)}`;
  }
  const key = newKey(writing, taken);
  if (writing.sometimes(0.02, 'an explicit key')) {
    const pad = ' '.repeat(indent);
    return random.chance(0.8) ? `? ${key}\n${pad}:${value(writing, indent, depth)}` : `? ${key}`;
  }
  const space = writing.sometimes(0.02, 'a space before the colon') ? random.pick([' ', '  ', '\t']) : '';
  return `${key}${space}:${value(writing, indent, depth)}`;
}

/** A block sequence; its first line is already indented. */
export function sequence(writing: Writing, indent: number, depth: number): string {
  return joined(writing, indent, writing.random.list(1, 3, () => `-${item(writing, indent, depth)}`));
}

function item(writing: Writing, indent: number, depth: number): string {
  const { random } = writing;
  if (depth > 0 && random.chance(0.5)) {
    writing.features.add('a mapping that begins after a dash');
    const spaces = writing.most > COMMON && random.chance(0.1) ? random.between(1, 4) : 1;
    return `${' '.repeat(spaces)}${mapping(writing, indent + 1 + spaces, depth - 1)}`;
  }
  if (depth > 0 && writing.sometimes(0.08, 'a sequence in a sequence')) return ` ${sequence(writing, indent + 2, depth - 1)}`;
  return value(writing, indent, depth);
}

function joined(writing: Writing, indent: number, lines: readonly string[]): string {
  const pad = ' '.repeat(indent);
  return lines.reduce((text, line) => `${text}\n${between(writing, pad)}${pad}${line}`);
}

const BETWEEN: readonly Choice<[pad: string]>[] = [
  [92, undefined, () => ''],
  [3, 'a comment', ({ random }, pad) => `${pad}${random.pick(['# c', '#', '#c: d', '# - a', '# {', '#\t'])}\n`],
  [1, 'a comment less indented', ({ random }) => random.pick(['# c\n', '#\n', ' # a: b\n', '#---\n'])],
  [2, 'an empty line', ({ random }) => random.pick(['\n', '\n', '\n\n'])],
  [0.7, 'a line of spaces', ({ random }) => random.pick([' \n', '    \n', '          \n'])],
  [0.3, 'a line of a tab', ({ random }) => random.pick(['\t\n', ' \t\n', '\t# c\n', '      \t \n', '\t\t\n'])],
];

/** Whole lines that stand between two others, and mean nothing. */
export function between(writing: Writing, pad: string): string {
  return writing.choose(BETWEEN, pad);
}
