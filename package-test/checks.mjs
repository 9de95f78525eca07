// Checks are told one a line, as they end; the last line of a run counts them.
import { setImmediate } from 'node:timers/promises';

export class Checks {
  passed = 0;
  failed = 0;

  /** Runs one check. It fails by throwing; what it returns is handed back, and nothing when it failed. */
  async check(name, run) {
    await setImmediate(); // signals are heard here alone: programs are run synchronously
    const start = Date.now();
    try {
      const result = await run();
      this.passed++;
      console.log(`ok   ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
      return result;
    } catch (error) {
      this.failed++;
      console.log(`FAIL ${name}\n${String(error.message).trimEnd().replace(/^/gm, '       ')}`);
      return undefined;
    }
  }

  total() {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}

/** Throws an error that shows the first line in which two texts differ. */
export function sameText(actual, expected) {
  if (actual === expected) return;
  const [lines, others] = [actual.split('\n'), expected.split('\n')];
  const line = lines.findIndex((text, index) => text !== others[index]);
  const index = line === -1 ? lines.length : line;
  throw new Error(`line ${index + 1} is ${JSON.stringify(lines[index])}; expected ${JSON.stringify(others[index])}`);
}

/** Throws when the text doesn't hold what it must. */
export function holds(text, part) {
  if (!text.includes(part)) throw new Error(`expected to find ${JSON.stringify(part)} in:\n${text.slice(0, 4000)}`);
}
