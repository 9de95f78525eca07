import { setFlagsFromString } from 'node:v8';

/** How much a function runs before V8 optimizes it, in bytes of bytecode; its own choice in these versions is 66,000. */
const BUDGET = 1_200_000;

/** The major versions of V8 in which that was measured; one that didn't know the flag would say so on standard error. */
const MEASURED = ['11'];

/**
 * Has V8 optimize fewer functions: a run ends before most of them pay, and the compiler's threads take a third of the
 * processor time from those that read and judge.
 */
export function optimizeLater(): void {
  if (MEASURED.includes(process.versions.v8.split('.')[0])) setFlagsFromString(`--interrupt-budget=${BUDGET}`);
}
