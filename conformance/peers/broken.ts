// How many broken connections of random meshes each program tells of. Which are broken says the model, whose connections
// the connections part holds against istiod.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { ANALYZE, OURS } from './programs';
import type { Severity } from '../../src/findings/finding';
import type { Connection } from '../../src/mesh/calls/connections';
import type { ObjectName } from '../../src/mesh/inventory/object';
import { loadedAdmission, refusalsOf } from '../admission/library';
import { sampleMeshes } from '../generators/mesh';
import { goBinary } from '../node/go-binary';

/** Of how many connections some message, whatever it says, is about … */
interface Told {
  /** … an object that decides it, */
  deciding: number;
  /** … one that decides it or takes part in it, */
  any: number;
  /** … or is such a message and an error. */
  errors: number;
}

export interface BrokenFacts {
  readonly meshes: number;
  withBroken: number;
  broken: number;
  readonly told: Readonly<Record<'istioctl analyze' | 'istio-mtls check', Told>>;
}

/** What a program says of an object. */
interface Message {
  readonly object: string;
  readonly isError: boolean;
}

/** Counts in `count` meshes of a seed, without what a cluster would refuse. */
export function countBroken(seed: number, count: number): BrokenFacts {
  // istioctl knows no other domain than its own.
  const meshes = sampleMeshes(seed, count).filter(({ clusterDomain }) => clusterDomain === undefined);
  const facts: BrokenFacts = { meshes: meshes.length, withBroken: 0, broken: 0, told: { 'istioctl analyze': nothing(), 'istio-mtls check': nothing() } };
  const admit = loadedAdmission();
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  const file = join(folder, 'mesh.yaml');
  try {
    for (const { objects } of meshes) {
      writeFileSync(file, objects.filter((object) => refusalsOf(admit, object).length === 0).map((object) => dump(object, { noRefs: true })).join('---\n'));
      const connections: readonly Connection[] = ran(process.execPath, [OURS, 'connections', '--all-calls', '-o', 'json', file]);
      const broken = connections.filter(({ outcome }) => outcome === 'broken');
      if (broken.length === 0) continue;
      facts.withBroken += 1;
      facts.broken += broken.length;
      tally(facts.told['istioctl analyze'], broken, analyzed(file));
      tally(facts.told['istio-mtls check'], broken, checked(file));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return facts;
}

const nothing = (): Told => ({ deciding: 0, any: 0, errors: 0 });

function tally(counts: Told, broken: readonly Connection[], messages: readonly Message[]): void {
  for (const connection of broken) {
    const deciding = new Set(connection.because.map(nameOf));
    const all = new Set([...deciding, ...partiesOf(connection)]);
    const about = messages.filter(({ object }) => all.has(object));
    counts.deciding += about.some(({ object }) => deciding.has(object)) ? 1 : 0;
    counts.any += about.length > 0 ? 1 : 0;
    counts.errors += about.some(({ isError }) => isError) ? 1 : 0;
  }
}

/** Client, server and their namespaces, and what was called. */
function partiesOf({ client, server, service: { namespace, name } }: Connection): string[] {
  const workloads = server ? [client, server] : [client];
  return [...workloads.flatMap((workload) => [nameOf(workload), `Namespace ${workload.namespace}`]), `Service ${namespace}/${name}`, `ServiceEntry ${namespace}/${name}`];
}

const nameOf = ({ kind, namespace, name }: Omit<ObjectName, 'namespace'> & { readonly namespace?: string }) => (namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`);

function analyzed(file: string): Message[] {
  const messages: readonly { readonly origin: string; readonly level: string }[] = ran(goBinary('istioctl'), [...ANALYZE, '-o', 'json', file]);
  return messages.map(({ origin, level }) => ({ object: origin, isError: level === 'Error' }));
}

function checked(file: string): Message[] {
  const { findings }: { readonly findings: readonly { readonly object: ObjectName; readonly severity: Severity }[] } = ran(process.execPath, [OURS, 'check', '--all-calls', '-o', 'json', file]);
  return findings.map(({ object, severity }) => ({ object: nameOf(object), isError: severity === 'error' }));
}

/** Both end with another code than 0 when they find something. */
function ran(program: string, args: readonly string[]): any {
  const { error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  try {
    return JSON.parse(stdout);
  } catch (unreadable) {
    throw new Error(`${program} ${args.join(' ')}: expected JSON, got ${error?.message ?? (stdout.slice(0, 200) || stderr)}`, { cause: unreadable });
  }
}
