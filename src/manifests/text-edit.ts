import { isDeepStrictEqual } from 'node:util';
import { Chunk, documentsOf } from './documents';
import { Positions, Steps } from './positions';
import { SourceText } from './source-text';
import { changed, FieldChange, valueAt } from '../findings/finding';

/** A part of a text and its replacement. Lines and columns count from 1; the end is exclusive. */
export interface TextEdit {
  readonly from: Place;
  readonly to: Place;
  readonly text: string;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Longer documents aren't edited, since each step parses them again. */
const LONGEST = 200_000;

/**
 * Changes fields in place, and keeps comments around them. Undefined if the text isn't
 * simple block YAML. The result is parsed again, and must have the wanted value.
 */
export function fieldEdit(chunk: Chunk, place: Steps, fields: readonly FieldChange[]): TextEdit | undefined {
  if (chunk.isSecret) return undefined;
  const inDocument = fields.map(({ path, ...rest }) => ({ ...rest, path: [...place, ...path] } as FieldChange));
  const edited = withFields(chunk.text, chunk.value as object, inDocument);
  return edited === undefined ? undefined : difference(chunk, edited);
}

/**
 * A text with changed fields and everything else, including comments, as it is. Undefined if it isn't simple block YAML.
 *
 * @param value the text's value
 */
export function withFields(text: string, value: object, fields: readonly FieldChange[]): string | undefined {
  if (text.length > LONGEST) return undefined;
  let [edited, wanted] = [text, value];
  for (const change of fields) {
    const next = new Editor(edited, wanted).with(change);
    if (next === undefined) return undefined;
    [edited, wanted] = [next, changed(wanted, [change])];
  }
  const [document, ...others] = documentsOf(edited);
  return others.length === 0 && document && !document.error && isDeepStrictEqual(document.chunk.value, wanted) ? edited : undefined;
}

/** The deletion of a whole document. */
export function deletion(chunk: Chunk): TextEdit | undefined {
  return chunk.isSecret ? undefined : { from: placeIn(chunk, 0), to: placeIn(chunk, chunk.text.length), text: '' };
}

/** A document added at the end of a text. */
export function addition({ source }: Chunk, manifest: object): TextEdit | undefined {
  const { text } = source;
  if (text.trimStart().startsWith('{')) return undefined;
  const { line, column } = source.placeOf(text.length);
  const end = { line: line + 1, column: column + 1 };
  return { from: end, to: end, text: `${text.endsWith('\n') || text === '' ? '' : '\n'}---\n${blockLines(manifest, 0).join('\n')}\n` };
}

/** The lines that differ. */
function difference(chunk: Chunk, edited: string): TextEdit {
  const [before, after] = [chunk.text, edited].map((text) => text.split('\n'));
  const most = Math.min(before.length, after.length);
  let [first, last] = [0, 0];
  while (first < most - 1 && before[first] === after[first]) first++;
  while (last < most - first && before[before.length - 1 - last] === after[after.length - 1 - last]) last++;
  const lines = after.slice(first, after.length - last);
  const end = before.slice(0, before.length - last).join('\n').length + (last > 0 ? 1 : 0);
  const start = before.slice(0, first).reduce((length, line) => length + line.length + 1, 0);
  return { from: placeIn(chunk, start), to: placeIn(chunk, end), text: lines.join('\n') + (last > 0 && lines.length > 0 ? '\n' : '') };
}

function placeIn(chunk: Chunk, offset: number): Place {
  const { line, column } = chunk.positionAt(offset);
  return { line, column };
}

/** The lines of a value in block style with its key or dash, their column, and the text before them. */
interface Block {
  readonly first: number;
  /** The line after it. */
  readonly end: number;
  readonly column: number;
  readonly before: string;
}

/** The lines of a document while a field is changed. */
class Editor {
  private readonly lines: readonly string[];
  private readonly positions: Positions;
  private readonly eol: string;

  constructor(text: string, private readonly value: object) {
    this.lines = text.split('\n');
    this.eol = this.lines[0].endsWith('\r') ? '\r' : '';
    this.positions = new Positions(new Chunk(new SourceText(text)));
  }

  with({ path, ...change }: FieldChange): string | undefined {
    return change.op === 'set' ? this.set(path, (change as { value: unknown }).value) : this.remove(path);
  }

  private set(path: Steps, value: unknown): string | undefined {
    const key = path[path.length - 1];
    if (valueAt(this.value, path) !== undefined) return this.replace(path, value);
    const [around, parent] = [path.slice(0, -1), valueAt(this.value, path.slice(0, -1))];
    if (parent === undefined) {
      return around.length === 0 ? undefined : this.set(around, typeof key === 'number' ? [value] : { [key]: value });
    }
    const names = Array.isArray(parent) ? [...parent.keys()] : Object.keys(Object(parent));
    const blocks = names.map((name) => this.blockOf([...around, name]));
    if (blocks.length === 0 || blocks.includes(undefined)) {
      return this.replace(around, changed(parent as object, [{ op: 'set', path: [key], value }]));
    }
    const { column } = blocks[0]!;
    const end = Math.max(...blocks.map((block) => block!.end));
    return this.spliced(end, end,
      typeof key === 'number' ? itemText(value, column) : `${' '.repeat(column)}${flowText(key)}:${blockText(value, column)}`);
  }

  /** Replaces a value. A comment after a single text or number stays. */
  private replace(path: Steps, value: unknown): string | undefined {
    const block = this.blockOf(path);
    if (!block) {
      return path.length < 2 ? undefined : this.replace(path.slice(0, -1),
        changed(valueAt(this.value, path.slice(0, -1)) as object, [{ op: 'set', path: path.slice(-1), value }]));
    }
    const { first, end, column, before } = block;
    const key = path[path.length - 1];
    const comment = end === first + 1 ? commentOf(this.lines[first].trimEnd()) : '';
    const text = typeof key === 'number' ? itemText(value, column).slice(column) : `${flowText(key)}:${blockText(value, column)}`;
    return this.spliced(first, end, `${before}${text}${text.includes('\n') ? '' : comment}`);
  }

  private remove(path: Steps): string | undefined {
    const around = path.slice(0, -1);
    const [parent, block] = [valueAt(this.value, around) as object, this.blockOf(path)];
    const rest = changed(parent, [{ op: 'remove', path: path.slice(-1) }]);
    if (!block || Object.keys(rest).length === 0) return around.length === 0 ? undefined : this.replace(around, rest);
    const { first, end, column, before } = block;
    if (before.trim() === '') return this.spliced(first, end);
    // The next field moves up to the dash.
    return this.spliced(first, end + 1, `${before}${this.lines[end]?.slice(column) ?? ''}`);
  }

  /** Undefined if there is no such block, for example within braces. */
  private blockOf(path: Steps): Block | undefined {
    const { line, column: after } = this.positions.of(path);
    const [first, isItem] = [line - 1, typeof path[path.length - 1] === 'number'];
    const dash = isItem ? this.lines[first].lastIndexOf('-', after - 1) : after - 1;
    const before = this.lines[first].slice(0, dash);
    if (dash < 0 || !/^[\s-]*$/.test(before) || (isItem && this.lines[first].slice(dash, after - 1).trim() !== '-')) return undefined;
    let end = first + 1;
    for (let next = end; next < this.lines.length; next++) {
      const content = this.lines[next].trim();
      if (content === '' || content.startsWith('#')) continue;
      const indent = this.lines[next].length - this.lines[next].trimStart().length;
      const isIn = indent > dash || (!isItem && indent === dash && /^-(\s|$)/.test(content) && !before.includes('-'));
      if (!isIn || /^(---|\.\.\.)/.test(this.lines[next])) break;
      end = next + 1;
    }
    return { first, end, column: dash, before };
  }

  private spliced(first: number, end: number, text?: string): string {
    const lines = text === undefined ? [] : text.split('\n').map((line) => line.trimEnd() + this.eol);
    return [...this.lines.slice(0, first), ...lines, ...this.lines.slice(end)].join('\n');
  }
}

/** Texts that YAML reads as such without quotes: not numbers, booleans or other words with a meaning. */
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_/][\w./@-]*$/i;

/** A value in block YAML after `key:` or `-`, with lines indented further than a column. */
function blockText(value: unknown, column: number): string {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return ` ${flowText(value)}`;
  return `\n${blockLines(value, column + 2).join('\n')}`;
}

/** The lines of a nonempty mapping or list. */
function blockLines(value: object, column: number): string[] {
  const before = ' '.repeat(column);
  if (Array.isArray(value)) return value.flatMap((item: unknown) => itemText(item, column).split('\n'));
  return Object.entries(value).flatMap(([key, item]) => `${before}${flowText(key)}:${blockText(item, column)}`.split('\n'));
}

/** An item of a list, with its first field on the line of the dash. */
function itemText(item: unknown, column: number): string {
  const text = blockText(item, column);
  return `${' '.repeat(column)}-${text.startsWith('\n') ? ` ${text.slice(column + 3)}` : text}`;
}

/** A value on one line. */
function flowText(value: unknown): string {
  return typeof value === 'string' && PLAIN.test(value) ? value : JSON.stringify(value);
}

/** The comment at the end of a line, with the spaces before it; empty if its sign may be within quotes. */
function commentOf(line: string): string {
  const before = line.slice(0, Math.max(0, line.indexOf('#')));
  return before !== before.trimEnd() && !/['"]/.test(before) ? line.slice(before.trimEnd().length) : '';
}
