// One JSON value a line in, one a line out, in order.
import { createInterface } from 'node:readline';
import { inOrder } from './in-order';

const IN_FLIGHT = 16;

export async function judgeLines(judge: (line: string) => Promise<unknown>): Promise<void> {
  for await (const [, verdict] of inOrder(lines(), judge, IN_FLIGHT)) await print(verdict);
}

async function* lines(): AsyncGenerator<string> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) if (line.trim() !== '') yield line;
}

async function print(verdict: unknown): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(verdict)}\n`)) {
    await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
  }
}
