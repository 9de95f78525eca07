// Everything that the examples and the constructs' snapshots emit, as sets of objects that belong together.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import type { Manifest } from '../manifest';

const ROOT = join(__dirname, '../..');
/** The examples, with how the names of an environment's files begin: each environment is for a cluster of its own. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = { bookinfo: [''], article: [''], platform: ['dev-', 'prod-'] };

/** Objects that belong together. */
export interface EmittedSet {
  readonly from: string;
  readonly objects: readonly Manifest[];
}

export function emittedSets(): EmittedSet[] {
  return [...Object.entries(EXAMPLES).flatMap(exampleSets), ...snapshotSets()];
}

/** What the real `cdk8s synth` writes: one set for each folder, since the article's rows are apps of their own, and environment. */
function exampleSets([name, environments]: readonly [string, readonly string[]]): EmittedSet[] {
  const out = mkdtempSync(join(tmpdir(), 'emitted-'));
  try {
    const cwd = join(ROOT, 'examples', name);
    const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' };
    const { error, status, stdout, stderr } = spawnSync('npx', ['--no-install', 'cdk8s', 'synth', '--check-upgrade', 'false', '--output', out], { cwd, env, encoding: 'utf8' });
    if (error || status !== 0) throw new Error(`cdk8s synth failed in ${cwd}: ${error?.message ?? stdout + stderr}`);
    const sets = new Map<string, Manifest[]>();
    for (const file of filesUnder(out, /\.yaml$/)) {
      const environment = environments.find((prefix) => basename(file).startsWith(prefix));
      if (environment === undefined) throw new Error(`${relative(out, file)} is of none of the environments ${environments.join(' ')}`);
      const set = join('examples', name, relative(out, dirname(file)), environment);
      const objects = loadAll(readFileSync(file, 'utf8')).filter(Boolean) as Manifest[];
      sets.set(set, [...sets.get(set) ?? [], ...objects]);
    }
    return [...sets].map(([from, objects]) => ({ from, objects }));
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** What the constructs' snapshots hold: one set for each. */
export function snapshotSets(): EmittedSet[] {
  return filesUnder(join(ROOT, 'test', 'constructs'), /\.snap$/).flatMap((file) => {
    const snapshots: Record<string, string> = {};
    new Function('exports', readFileSync(file, 'utf8'))(snapshots);
    return Object.entries(snapshots).map(([name, text]) => ({ from: `${relative(ROOT, file)}: ${name}`, objects: objectsIn(valueOf(text)) }));
  });
}

/** jest writes texts as they are, quotes and line ends included; a text ends with a quote and a comma at the end of a line. */
function valueOf(snapshot: string): unknown {
  const json = snapshot
    .replace(/^(\s*)("[^"\n]+": (?=")|(?!"[^"\n]+": ))"([\s\S]*?)",$/gm, (_, indent, key, text) => `${indent}${key}${JSON.stringify(text)},`)
    .replace(/,(\s*[\]}])/g, '$1');
  return JSON.parse(json);
}

/** Every object with a kind in a snapshot, however nested; texts and parts of objects are none. */
function objectsIn(value: any): Manifest[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return typeof value.kind === 'string' && typeof value.apiVersion === 'string' ? [value] : [];
}

function filesUnder(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
