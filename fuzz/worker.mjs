// Judges one case after the other, in a process of its own: a case may hang it, or take all its memory.
import { faultsOf } from './cases.mjs';

process.on('message', async (seed) => process.send(await faultsOf(seed)));
