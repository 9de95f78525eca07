// Literal and folded blocks, with every indicator.
import { type Writing } from './writing';

const HEADS = ['|', '|', '|', '|-', '|+', '>', '>', '>-', '>+'];
const LINES = ['a', 'key: value', '# no comment', '- item', '{a: b}', '"quoted', 'echo $HOME', 'text with words', '%', '*x', 'a: [', 'end'];

/** What stands behind the colon: the header and the lines, which are deeper than `indent`. */
export function blockScalar(writing: Writing, indent: number): string {
  const { random } = writing;
  const head = random.pick(HEADS);
  writing.features.add(head.startsWith('|') ? 'a literal block' : 'a folded block');
  const depth = Math.max(indent, -1) + (indent < 0 ? random.between(1, 3) : random.pick([2, 2, 2, 1, 4]));
  const own = Math.max(depth - Math.max(indent, 0), 1);
  const pad = ' '.repeat(Math.max(indent, 0) + own);
  const lines = random.list(1, 4, (index) => line(writing, pad, index > 0));
  if (writing.sometimes(0.1, 'a block that begins with empty lines')) lines.unshift(random.pick(['', ' ', pad, `${pad}  `]));
  return ` ${header(writing, head, own)}\n${lines.join('\n')}${random.pick(['', '', '', '\n', '\n\n', `\n${pad}`])}`;
}

/** @param mayBeDeeper the first line decides what deeper is */
function line(writing: Writing, pad: string, mayBeDeeper: boolean): string {
  const { random } = writing;
  if (mayBeDeeper && writing.sometimes(0.1, 'a block with deeper lines')) return `${pad}  ${random.pick(LINES)}`;
  if (writing.sometimes(0.04, 'a block with a tab')) return `${pad}${random.pick(['\t', '\ta', 'a\t', ' \ta'])}`;
  if (writing.sometimes(0.04, 'a document marker in a block')) return random.pick([`${pad}---`, `${pad}...`, `${pad}--- a`]);
  if (writing.sometimes(0.003, 'content behind the end of a document')) return random.pick(['---', '...', '... a', '...x']);
  return random.chance(0.1) ? '' : `${pad}${random.pick(LINES)}${random.chance(0.05) ? '  ' : ''}`;
}

function header(writing: Writing, head: string, own: number): string {
  const [style, chomping = ''] = head;
  const { random } = writing;
  let text = head;
  if (writing.sometimes(0.15, 'a block that says its indentation')) {
    const digit = random.chance(0.9) ? own : random.below(10);
    text = style + (random.chance(0.5) ? digit + chomping : chomping + digit);
  }
  return writing.sometimes(0.08, 'a comment behind a block\'s header') ? `${text} ${random.pick(['# c', ' # |', '#c'])}` : text;
}
