import { Chunk } from './chunk';
import { chunksOf } from './chunks';
import { PlainLines } from './plain-line';
import { plainYaml } from './plain-yaml';
import { UnreadableText } from './yaml/unreadable-text';
import { Values } from './yaml/values';

/** A part of a text, with what was read of it or why nothing was. */
export interface ReadDocument {
  readonly chunk: Chunk;
  readonly error?: UnreadableText;
}

/** The documents of a text that aren't null. One that can't be read keeps none of the others from being read. */
export function* documentsOf(text: string): Generator<ReadDocument> {
  const lines = new PlainLines();
  for (const read of chunksOf(text)) {
    if (read.error) {
      yield read;
      continue;
    }
    const { chunk } = read;
    const error = chunk.value === undefined ? readYaml(chunk, lines) : undefined;
    if (error || (chunk.value !== null && chunk.value !== undefined)) yield { chunk, error };
  }
}

/** Simple YAML, which most is, is read without the parser: in a fraction of its time. */
function readYaml(chunk: Chunk, lines: PlainLines): UnreadableText | undefined {
  chunk.value = plainYaml(chunk.text, lines);
  if (chunk.value !== undefined) return undefined;
  try {
    const values = new Values();
    chunk.tell(values);
    chunk.value = values.root;
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableText) return error;
    throw error;
  }
}
