import { Events, UnreadableText } from './events';
import { parseYaml } from './parser';
import { Values } from './values';

/** Characters that YAML doesn't allow: control characters and lone surrogates. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** A byte order mark, allowed only at the beginning of a text. */
const MARK = '\uFEFF';

/** Sends the parse events of a text's document; none if it has no document. */
export function tellYaml(text: string, events: Events): void {
  const start = text.startsWith(MARK) ? 1 : 0;
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden) throw new UnreadableText('ADMIT157', 'a character that text can\'t contain', forbidden.index);
  const mark = text.indexOf(MARK, start);
  if (mark >= 0) throw new UnreadableText('ADMIT160', 'a byte order mark in the middle of the text', mark);
  const carriageReturns = text.indexOf('\r\r\n');
  if (carriageReturns >= 0) throw new UnreadableText('ADMIT160', 'two carriage returns at the end of a line', carriageReturns);
  parseYaml(text, events, start);
}

/**
 * The value of a text with one document in YAML or JSON, as Go's sigs.k8s.io/yaml reads it; undefined for a
 * text without a document. Stricter than that: rejects duplicate keys, and text after the document.
 *
 * @throws UnreadableText
 */
export function readYaml(text: string): unknown {
  const values = new Values();
  tellYaml(text, values);
  return values.root;
}
