import { spawn } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROBE = fileURLToPath(new URL('probe.cjs', import.meta.url));
const COMMAND = fileURLToPath(new URL('../../bin/istio-mtls', import.meta.url));

/** No run of a near-linear command takes so long (seconds of wall time): one that does is ended. */
const TOO_LONG = 60;

/**
 * Runs the command on a manifest; tells the milliseconds of CPU, the MB of memory and of input, and whether the command
 * said that there is too much of something. What it finds doesn't matter, but it must end by itself, and not by a crash.
 */
export function run({ text, before, args }, file) {
  const files = before === undefined ? [[file, text]] : [[file.replace(/\.yaml$/, '-before.yaml'), before], [file, text]];
  for (const [path, content] of files) writeFileSync(path, content);
  const input = files.reduce((sum, [path]) => sum + statSync(path).size, 0) / 2 ** 20;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--require', PROBE, COMMAND, ...args, ...files.map(([path]) => path)], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), TOO_LONG * 1000);
    const [errors, usage] = [collected(child.stdio[2]), collected(child.stdio[3])];
    child.on('close', (code) => {
      clearTimeout(timer);
      const told = usage();
      if (told === '') return resolve({ failed: code === null ? `longer than ${TOO_LONG} s, or killed` : `exit code ${code}: ${errors().slice(0, 200)}` });
      if (errors().includes('could not finish')) return resolve({ failed: errors().slice(0, 200) });
      const { cpu, memory } = JSON.parse(told);
      resolve({ cpu: cpu / 1000, memory: memory / 1024, input, isLimited: errors().includes('[API090]') });
    });
  });
}

function collected(stream) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}
