// The runbook part: the commands that runbooks of Bookinfo, the boutique and random meshes hold are shown to the real programs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleMeshes } from '../generators/mesh';
import { goBinary } from '../node/go-binary';
import { istioVersion } from '../node/module-version';
import type { PartOptions, PartResult } from '../part';
import { commandsIn, pathIn, shapeOf, type Words } from './commands';

export interface RunbookFacts {
  readonly istio: string;
  readonly seed: number;
  runbooks: number;
  /** Commands of istioctl, each once. */
  commands: number;
  /** What of them differs in more than names. */
  shapes: readonly string[];
  /** Commands that it doesn't have: those that old texts name, and wrong ones. */
  readonly absent: readonly string[];
}

const COMMAND = join(__dirname, '../../bin/istio-mtls');
const BOUTIQUE = join(__dirname, '../../examples/boutique/cluster.yaml');
const OLD_NAMES = join(__dirname, '../../docs/old-names.md');
/** What istioctl doesn't have either. */
const MISSPELT: readonly Words[] = [['istioctl', 'proxy-config', 'secrets-of', 'web'], ['istioctl', 'proxy-config', 'secret', 'web', '--format', 'json']];

/** @param count how many random meshes have a runbook made */
export async function runbook({ seed, count = 40, print }: PartOptions): Promise<PartResult<RunbookFacts>> {
  const istioctl = goBinary('istioctl');
  const facts: RunbookFacts = { istio: istioVersion(), seed, runbooks: 0, commands: 0, shapes: [], absent: [] };
  const known = new Map<string, Words>();
  let failed = 0;
  const { old, today } = namedIn(readFileSync(OLD_NAMES, 'utf8'));
  for (const words of today) known.set(words.join(' '), words);
  for (const page of pages(seed, count)) {
    facts.runbooks += 1;
    for (const words of commandsIn(page)) if (words[0] === 'istioctl') known.set(words.join(' '), words);
  }
  const shapes = new Map<string, Words>();
  for (const words of known.values()) shapes.set(shapeOf(words, pathIn(words)), words);
  for (const [shape, words] of shapes) {
    const fault = faultOf(words, istioctl);
    if (fault === undefined) continue;
    failed += 1;
    print(`runbook: ${shape}: ${fault}\n  ${words.join(' ')}`);
  }
  const absent = [...old, ...MISSPELT].filter((words) => {
    const isAbsent = faultOf(words, istioctl) !== undefined;
    if (!isAbsent) print(`runbook: ${words.join(' ')} was taken for right`);
    return isAbsent;
  });
  failed += old.length + MISSPELT.length - absent.length;
  return {
    passed: shapes.size + old.length + MISSPELT.length - failed,
    failed,
    facts: { ...facts, commands: known.size, shapes: [...shapes.keys()].sort(), absent: absent.map((words) => words.join(' ')).sort() },
  };
}

/** The commands of istioctl in the tables of a page: those that older texts have, in the first column, and today's. */
export function namedIn(page: string): { readonly old: readonly Words[]; readonly today: readonly Words[] } {
  const rows = page.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1));
  const commands = (cells: readonly string[]) => cells.flatMap((cell) => [...cell.matchAll(/`(istioctl [^`]*)`/g)].map(([, text]) => text.split(' ')));
  const others = commands(rows.flatMap(([, ...rest]) => rest));
  return { old: commands(rows.map(([first]) => first)), today: others.filter((words) => words.length > 2) };
}

/** The runbooks, and of each mesh that of one workload, too. */
function* pages(seed: number, count: number): Generator<string> {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-'));
  try {
    const file = join(folder, 'mesh.json');
    const made = (...args: string[]): string => {
      const { stdout, stderr, status } = spawnSync(process.execPath, [COMMAND, 'runbook', file, ...args], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`istio-mtls runbook ended with ${status}: ${stderr}`);
      return stdout;
    };
    writeFileSync(file, readFileSync(BOUTIQUE));
    yield made();
    yield made('--workload', 'boutique/frontend');
    for (const { objects } of sampleMeshes(seed, count)) {
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
      yield made();
      const workload = objects.find(({ kind }) => kind === 'Deployment');
      if (workload) yield made('--workload', `deployment/${workload.metadata.namespace ?? 'default'}/${workload.metadata.name}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the real program has against a command; undefined: nothing. */
function faultOf([, ...words]: Words, istioctl: string): string | undefined {
  const { status, stdout, stderr } = spawnSync(istioctl, [...words, '--help'], { encoding: 'utf8', env: { HOME: tmpdir(), PATH: process.env.PATH } });
  if (status !== 0) return stderr.trim().split('\n')[0];
  const usage = /^Usage:\n {2}(.*)$/m.exec(stdout)?.[1];
  if (usage === undefined) return 'its help has no usage';
  if (/\[command\]$/.test(usage)) return `there is no such command: ${usage}`;
  const expected = usage.split(' ').slice(1).filter((word) => /^[a-z][a-z-]*$/.test(word));
  return expected.every((word, index) => words[index] === word) ? undefined : `it is taken for ${usage}`;
}
