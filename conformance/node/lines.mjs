// One JSON value a line in, one a line out, in order, several at work at once.
import { createInterface } from 'node:readline';

export async function judgeLines(judge, inFlight = 16) {
  const pending = [];
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line.trim() === '') {
      continue;
    }
    const verdict = judge(line);
    verdict.catch(() => {}); // It is awaited below; until then a failure isn't unhandled.
    pending.push(verdict);
    if (pending.length >= inFlight) {
      await print(await pending.shift());
    }
  }
  for (const verdict of pending) {
    await print(await verdict);
  }
}

async function print(verdict) {
  if (!process.stdout.write(`${JSON.stringify(verdict)}\n`)) {
    await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}
