import { readTextOf, ReadText, readTextOfStream } from './read-text';
import { Paths, Source, Sources, sourcesOf, STANDARD_INPUT } from './sources';
import type { Terminal } from './terminal';

/** How standard input is called in what is printed. */
export const STANDARD_INPUT_NAME = '<stdin>';

/** What one path holds. */
export type NamedText = ReadText & Omit<Source, 'path'> & { readonly name: string };

/** The texts of the paths of a command line, in their order, the facts last. */
export interface Texts extends Omit<Sources, 'sources'> {
  readonly texts: readonly NamedText[];
}

export async function readTexts(paths: Paths, standardInput: Terminal['input']): Promise<Texts> {
  const { sources, ...found } = sourcesOf(paths);
  const texts: NamedText[] = [];
  for (const { path, ...source } of sources) {
    const isInput = path === STANDARD_INPUT;
    const name = isInput ? STANDARD_INPUT_NAME : path;
    texts.push({ name, ...source, ...isInput ? await readTextOfStream(standardInput(), name) : readTextOf(name) });
  }
  return { ...found, texts };
}
