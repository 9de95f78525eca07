// A turn of one part of the conformance suite, in a process of its own: it may end of a mesh, or of its memory.
//   part-process.ts PART SEED COUNT
import { RefereeUnavailable } from '../conformance/node/go-binary';
import { isPartName } from '../conformance/part';
import { PARTS } from '../conformance/parts';

/** What it tells the process that has started it. */
export type PartMessage =
  | { readonly printed: string }
  | { readonly unavailable: string }
  | { readonly passed: number; readonly failed: number; readonly facts: object };

const send = (message: PartMessage) => new Promise<void>((resolve) => process.send!(message, () => resolve()));

async function main([name, seed, count]: readonly string[]): Promise<void> {
  if (!isPartName(name)) throw new Error(`no part '${name}'`);
  const { missing, run } = PARTS[name];
  try {
    const lacking = missing?.();
    if (lacking) throw new RefereeUnavailable(lacking);
    const result = await run({ seed: Number(seed), count: Number(count), print: (printed) => void send({ printed }) });
    await send(result);
  } catch (error) {
    if (!(error instanceof RefereeUnavailable)) throw error;
    await send({ unavailable: error.message });
  }
  process.disconnect();
}

void main(process.argv.slice(2));
