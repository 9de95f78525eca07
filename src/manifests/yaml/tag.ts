import { Code, isGap, isUri, isWord } from './characters';
import { Cursor } from './cursor';
import { UnreadableText } from './unreadable-text';

/** What `!!` stands for. */
export const YAML_TAGS = 'tag:yaml.org,2002:';

/** Reads a tag; gives it in full, or nothing of one whose handle only a directive could define. */
export function scanTag(cursor: Cursor): string | undefined {
  const start = cursor.at;
  const isVerbatim = cursor.code(1) === Code.Less;
  const tag = isVerbatim ? verbatim(cursor) : shorthand(cursor);
  if (cursor.code() === Code.Percent) throw new UnreadableText('ADMIT160', 'a tag with an escape', start);
  if (isVerbatim && cursor.code() === Code.Greater) cursor.at++;
  else if (isVerbatim) throw new UnreadableText('ADMIT151', 'a tag without its >', start);
  if (tag === '' || !isGap(cursor.code())) throw new UnreadableText('ADMIT151', 'a tag that is none', start);
  return tag;
}

/** `!<tag:yaml.org,2002:str>`, without its end */
function verbatim(cursor: Cursor): string {
  cursor.at += 2;
  return takeUri(cursor);
}

/** `!!str` and `!local`; `!handle!name` would need a directive. */
function shorthand(cursor: Cursor): string | undefined {
  const start = cursor.at++;
  while (isWord(cursor.code())) cursor.at++;
  if (cursor.code() !== Code.Exclamation) {
    takeUri(cursor);
    return cursor.slice(start);
  }
  cursor.at++;
  const isDefined = cursor.at === start + 2;
  const name = takeUri(cursor);
  if (name === '') return '';
  return isDefined ? YAML_TAGS + name : undefined;
}

function takeUri(cursor: Cursor): string {
  const start = cursor.at;
  while (isUri(cursor.code())) cursor.at++;
  return cursor.slice(start);
}
