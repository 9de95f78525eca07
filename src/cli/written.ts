import { Writable } from 'node:stream';

/** Nobody reads any more what is written, as after `head`. */
export class ReaderGone extends Error {}

/**
 * Writes a text; settles when there is room for more.
 *
 * @throws ReaderGone if there is no reader, or it goes before it has read
 */
export function written(text: string, stream: Writable): Promise<void> | void {
  if (stream.destroyed) throw new ReaderGone();
  if (stream.write(text)) return undefined;
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      stream.off('drain', drained).off('close', closed);
      act();
    };
    const drained = settle(resolve);
    const closed = settle(() => reject(new ReaderGone()));
    stream.on('drain', drained).on('close', closed);
  });
}
