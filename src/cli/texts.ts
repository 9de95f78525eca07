import { readTextOf, ReadText, readTextOfStream } from './read-text';
import { Unreadable } from './report';
import { sourcesOf, STANDARD_INPUT } from './sources';
import type { Terminal } from './terminal';

/** How standard input is called in what is printed. */
const STANDARD_INPUT_NAME = '<stdin>';

/** What one path holds. */
export type NamedText = ReadText & {
  readonly name: string;
  /** Named itself, not found in a folder or by a pattern. */
  readonly isNamed: boolean;
};

/** The texts of the paths of a command line, in their order. */
export interface Texts {
  readonly texts: readonly NamedText[];
  /** Of paths without any text. */
  readonly problems: readonly Unreadable[];
}

export async function readTexts(paths: readonly string[], standardInput: Terminal['input']): Promise<Texts> {
  const { sources, problems } = sourcesOf(paths);
  const texts: NamedText[] = [];
  for (const { path, isNamed } of sources) {
    const isInput = path === STANDARD_INPUT;
    const name = isInput ? STANDARD_INPUT_NAME : path;
    texts.push({ name, isNamed, ...isInput ? await readTextOfStream(standardInput(), name) : readTextOf(name) });
  }
  return { texts, problems };
}
