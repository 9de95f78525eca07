// How every command of the suite ends: 0 done, 1 failed, 2 no referee here.
import { RefereeUnavailable } from './go-binary';

/** @param run what the program does: it gives the code to end with, or nothing for 0 */
export async function main(run: () => number | void | Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await run()) ?? 0;
  } catch (error) {
    const unavailable = error instanceof RefereeUnavailable;
    console.error(unavailable ? `no referee: ${error.message}` : error);
    process.exitCode = unavailable ? 2 : 1;
  }
}
