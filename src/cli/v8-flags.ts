import { setFlagsFromString } from 'node:v8';

/** The major versions of V8 in which the flags were measured; one that didn't know a flag would say so on standard error. */
const MEASURED = ['11'];

const FLAGS = [
  // How much a function runs before V8 optimizes it, in bytes of bytecode; its own choice in these versions is 66,000. A run
  // ends before most optimizations pay, and the compiler's threads take a third of the processor time from those that read and judge.
  '--interrupt-budget=1200000',
  // By how much the heap grows before all of it is collected. Its own choice is up to four times, most of which is then what
  // findings no longer need; to double it costs no time.
  '--heap-growing-percent=100',
];

/** Has V8 work as it suits a run of a second. */
export function setV8Flags(): void {
  if (MEASURED.includes(process.versions.v8.split('.')[0])) for (const flag of FLAGS) setFlagsFromString(flag);
}
