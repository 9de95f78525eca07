// One JSON value a line in, one a line out, in order.
import { createInterface } from 'node:readline';
import { inOrder } from './in-order.mjs';

const IN_FLIGHT = 16;

export async function judgeLines(judge) {
  for await (const [, verdict] of inOrder(lines(), judge, IN_FLIGHT)) await print(verdict);
}

async function* lines() {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) if (line.trim() !== '') yield line;
}

async function print(verdict) {
  if (!process.stdout.write(`${JSON.stringify(verdict)}\n`)) {
    await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}
