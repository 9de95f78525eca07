// The smallest text that still shows a difference.
const MOST_TRIES = 1500;
const MOST_MS = 15000;

/** Leaves out lines, then characters, as long as `stillDiffers(text)` says so. */
export async function shrunk(text: string, stillDiffers: (text: string) => Promise<boolean>): Promise<string> {
  const until = Date.now() + MOST_MS;
  let tries = 0;
  const differs = async (parts: readonly string[], joint: string) =>
    (tries += 1) <= MOST_TRIES && Date.now() < until && stillDiffers(parts.join(joint));
  const ofLines = await fewest(text.split('\n'), (parts) => differs(parts, '\n'));
  const smallest = await fewest([...ofLines.join('\n')], (parts) => differs(parts, ''));
  return smallest.join('');
}

/** Leaves out runs of parts, long ones first. */
async function fewest(parts: readonly string[], differs: (parts: readonly string[]) => Promise<boolean>): Promise<readonly string[]> {
  let left = parts;
  for (let length = Math.max(Math.ceil(left.length / 2), 1); length >= 1; length = Math.floor(length / 2)) {
    for (let start = 0; start < left.length;) {
      const fewer = [...left.slice(0, start), ...left.slice(start + length)];
      if (fewer.length < left.length && await differs(fewer)) left = fewer;
      else start += length;
    }
  }
  return left;
}

/** More characters than this are left out of the middle. */
const MOST_SHOWN = 600;

/** A value on one line, with all that can't be seen written out. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value).replaceAll(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16).toUpperCase()}}`);
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN / 2)} … ${text.slice(-MOST_SHOWN / 2)}`;
}
