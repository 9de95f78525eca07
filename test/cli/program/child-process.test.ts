import { PassThrough } from 'node:stream';
import { mayRunOut, runChild } from '../../../src/cli/program/child-process';

async function child(script: string, input?: string): Promise<{ exitCode: number; error: string }> {
  const stream = new PassThrough();
  const exitCode = await runChild(['--max-old-space-size=40', '-e', script], input, stream);
  return { exitCode, error: String(stream.read() ?? '') };
}

test('passes on the exit code and standard error', async () => {
  expect(await child('console.error("hm"); process.exitCode = 1')).toEqual({ exitCode: 1, error: 'hm\n' });
});

test('passes on standard input', async () => {
  const script = 'let n = 0; process.stdin.on("data", (d) => { n += d.length; }).on("end", () => { process.exitCode = n === 300000 ? 0 : 1; })';
  expect((await child(script, 'x'.repeat(300_000))).exitCode).toBe(0);
});

test('tolerates a child that doesn\'t read its input', async () => {
  expect((await child('process.exit(1)', 'x'.repeat(3_000_000))).exitCode).toBe(1);
});

test('reports exhausted memory in one sentence, with exit code 2', async () => {
  const { exitCode, error } = await child('console.error("before"); const all = []; for (;;) all.push(Array(1000).fill({}));');
  expect(exitCode).toBe(2);
  expect(error).toMatch(/^before\n+istio-mtls could not finish: it needs more than Node's memory limit of [\d]+ MB; nothing was checked\.\nFix: .*\n$/);
});

test('reports a killed child in one sentence, with exit code 2', async () => {
  const { exitCode, error } = await child('process.kill(process.pid, "SIGKILL")');
  expect([exitCode, error]).toEqual([2, expect.stringMatching(/^istio-mtls could not finish: it was ended by SIGKILL, .*; nothing was checked\.\nFix: /)]);
});

test('only input that may exhaust memory needs a child process', () => {
  expect([mayRunOut(1_000_000), mayRunOut(1_000_000_000)]).toEqual([false, true]);
});
