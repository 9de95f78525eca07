// Line ends, byte order marks, and what moves a text along in the parser's buffers.
import { type Random } from './random';
import { type Writing } from './writing';

/** How many bytes go-yaml reads at a time; what lies across their ends has been read wrongly before. */
const BUFFERS = [512, 1024, 1536, 4096];

export function withLineEnds(writing: Writing, text: string): string {
  const { random } = writing;
  let ended = text;
  if (writing.sometimes(0.06, 'CRLF')) ended = ended.replaceAll(/\r?\n/g, '\r\n');
  else if (writing.sometimes(0.015, 'CR alone')) ended = replaced(random, ended, ['\r']);
  else if (writing.sometimes(0.02, 'U+0085 as a line end')) ended = replaced(random, ended, ['\u0085']);
  else if (writing.sometimes(0.02, 'U+2028 or U+2029 as a line end')) ended = replaced(random, ended, ['\u2028', '\u2029']);
  if (writing.sometimes(0.1, 'no line end at the end')) ended = ended.replace(/\n+$/, '');
  if (writing.sometimes(0.02, 'more than 512 bytes before something rare')) ended = `${padding(random)}${ended}`;
  if (writing.sometimes(0.02, 'a BOM at the beginning')) ended = `\uFEFF${ended}`;
  if (writing.sometimes(0.01, 'a BOM elsewhere')) ended = inserted(random, ended, random.pick(['\uFEFF', '\n\uFEFF', '---\n\uFEFF']));
  if (writing.sometimes(0.004, 'NUL')) ended = inserted(random, ended, '\0');
  if (writing.sometimes(0.008, 'a control character')) ended = inserted(random, ended, random.pick(['\x01', '\x07', '\b', '\v', '\f', '\x1b', '\x7f', '\x80', '\x9f', '\uFFFE', '\uFFFF']));
  // Unlike control characters these are content, and may stand behind the end of a document.
  if (writing.sometimes(0.002, 'U+FFFD or a private character')) ended = inserted(random, ended, random.pick(['\uFFFD', '\ue000']));
  return ended;
}

/** All line ends, or some, are others. */
function replaced(random: Random, text: string, ends: readonly string[]): string {
  const share = random.pick([0.1, 0.3, 1]);
  return text.replaceAll('\n', () => (random.chance(share) ? random.pick(ends) : '\n'));
}

/** Comments up to a few bytes before the end of a buffer. */
function padding(random: Random): string {
  const length = random.pick(BUFFERS) - random.below(60);
  return `#${random.pick(['x', 'é', '日']).repeat(length)}`.slice(0, length) + '\n';
}

export function inserted(random: Random, text: string, more: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + more + text.slice(at);
}
