// Connections of random meshes: client TLS, server mode and outcome as the model decides them, and as istiod does.
import { sampleMeshes } from '../generators/mesh';
import type { JudgedMesh, Manifest } from '../manifest';
import type { PartOptions, PartResult } from '../part';
import { compareMesh, modelIn, type Model } from './comparing';
import { FEATURES, featuresOf } from './features';
import { checkFixtures } from './fixtures';
import { checkFlags } from './flags';
import { judgedMeshes } from './judging';
import { shrunken } from './shrinking';
import { addMesh, noShare, tooManyUndecided, type UndecidedShare } from './undecided-share';
import { holdsUnmodelled } from './unmodelled';
import type { MeshVerdict } from './verdict';
import type { Comparison, Counts, Difference } from './verdicts';
import { ConnectionJudge } from '../node/connection-judge';
import { istioVersion } from '../node/module-version';

/** Meshes of one seed; a longer run takes the next seeds too. */
const PER_SEED = 1000;
/** How often istiod is asked again about a mesh that differs: where it goes by chance, it will say the other thing, too. */
const ASKED_AGAIN = 8;
/** How many differing meshes are made small: each takes the referee a hundred questions. */
const SHRUNKEN = 5;

/** What a run found; counted while it runs. */
export interface ConnectionFacts {
  readonly istio: string;
  readonly seeds: { readonly seed: number; readonly meshes: number }[];
  /** Meshes to which istiod gave another answer when it was asked again, and then the model's. */
  readonly unsteady: string[];
  meshes: number;
  connections: number;
  agreed: number;
  bothUndecided: number;
  differences: number;
  /** The model's connections. */
  ours: number;
  /** What the model calls undecided, by reason: judged or not, and what it alone does. */
  readonly called: Counts;
  readonly undecided: Counts;
  unjudged: number;
  readonly unjudgedBecause: Counts;
  readonly meshesWithoutVerdict: Counts;
  /** Of the meshes whose objects are all modelled. */
  readonly plain: UndecidedShare;
  /** How many meshes have each. */
  readonly features: Counts;
}

interface Differing {
  readonly mesh: JudgedMesh;
  readonly differences: readonly Difference[];
}

/** @param count how many meshes */
export async function connections({ seed, count = 1000, print }: PartOptions): Promise<PartResult<ConnectionFacts>> {
  const Mesh = modelIn();
  const judge = new ConnectionJudge();
  const facts: ConnectionFacts = { istio: istioVersion(), ...nothing() };
  try {
    const fixtures = await checkFixtures(judge, print);
    const flags = checkFlags(print);
    const differing: Differing[] = [];
    for (const [at, meshes] of bySeed(seed, count)) {
      facts.seeds.push({ seed: at, meshes });
      for await (const { mesh, verdict } of judgedMeshes(judge, sampleMeshes(at, meshes))) {
        const found = note(facts, Mesh, mesh, verdict);
        if (found && found.differences.length > 0) differing.push({ mesh, differences: found.differences });
      }
      print(`seed ${at}: ${facts.meshes} meshes, ${facts.agreed} connections agreed, ${facts.differences} differences so far`);
    }
    const confirmed = await seenAgain(judge, Mesh, differing, facts);
    for (const { mesh, differences } of confirmed) differences.forEach(({ text }) => print(`mesh ${mesh.id} ${text}`));
    for (const one of confirmed.slice(0, SHRUNKEN)) print(await smallest(judge, Mesh, one));
    const tooMany = tooManyUndecided(facts.plain);
    if (tooMany) print(tooMany);
    const passed = facts.meshes - differing.length + fixtures.passed + flags.passed;
    return { passed, failed: confirmed.length + fixtures.failed + flags.failed + Number(tooMany !== undefined), facts };
  } finally {
    judge.close();
  }
}

/**
 * The meshes that differ whenever istiod is asked again. Where it gives the model's answer once, it goes by chance (the
 * order of a Go map) or was asked before it had built its configuration: those count neither as agreement nor as a
 * difference.
 */
async function seenAgain(judge: ConnectionJudge, Mesh: Model, differing: readonly Differing[], facts: ConnectionFacts): Promise<Differing[]> {
  const confirmed: Differing[] = [];
  for (const one of differing) {
    if (await agreesOnce(judge, Mesh, one.mesh)) {
      facts.differences -= one.differences.length;
      facts.unsteady.push(one.mesh.id);
    } else {confirmed.push(one);}
  }
  return confirmed;
}

async function agreesOnce(judge: ConnectionJudge, Mesh: Model, mesh: JudgedMesh): Promise<boolean> {
  for (let time = 0; time < ASKED_AGAIN; time += 1) {
    const verdict = await judge.judge(mesh);
    if (!verdict.error && compareMesh(Mesh, mesh, verdict).differences.length === 0) return true;
  }
  return false;
}

function nothing(): Omit<ConnectionFacts, 'istio'> {
  return {
    seeds: [], unsteady: [], meshes: 0, connections: 0, agreed: 0, bothUndecided: 0, differences: 0, ours: 0, called: {}, undecided: {}, unjudged: 0,
    unjudgedBecause: {}, meshesWithoutVerdict: {}, plain: noShare(),
    features: Object.fromEntries(Object.keys(FEATURES).map((name) => [name, 0])),
  };
}

function bySeed(seed: number, count: number): [number, number][] {
  return Array.from({ length: Math.ceil(count / PER_SEED) }, (_, index) => [seed + index, Math.min(PER_SEED, count - index * PER_SEED)]);
}

/** Adds what one mesh shows; undefined if the referee gave no verdict on it. */
function note(facts: ConnectionFacts, Mesh: Model, mesh: JudgedMesh, verdict: MeshVerdict): Comparison | undefined {
  if (verdict.error) {
    const late = /in time/.test(verdict.error);
    add(facts.meshesWithoutVerdict, late ? 'istiod hadn\'t seen all endpoints in time, twice' : verdict.error.split('\n')[0]);
    return undefined;
  }
  const found = compareMesh(Mesh, mesh, verdict);
  facts.meshes += 1;
  facts.connections += found.judged;
  facts.agreed += found.agreed;
  facts.bothUndecided += found.bothUndecided;
  facts.ours += found.ours;
  facts.differences += found.differences.length;
  facts.unjudged += found.unjudged;
  for (const [reason, number] of Object.entries(found.undecided)) add(facts.undecided, reason, number);
  for (const [reason, number] of Object.entries(found.called)) add(facts.called, reason, number);
  for (const { why } of verdict.unjudged) add(facts.unjudgedBecause, topicOf(why));
  for (const feature of featuresOf(mesh)) add(facts.features, feature);
  if (!holdsUnmodelled(mesh)) addMesh(facts.plain, found);
  return found;
}

function add(counts: Counts, name: string, number = 1): void {
  counts[name] = (counts[name] ?? 0) + number;
}

const TOPICS: readonly [RegExp, string][] = [
  [/^the proxy is unknown/, 'the client\'s or server\'s namespace isn\'t in the manifests'],
  [/^the proxy is (\w+)/, 'a proxy that is no sidecar'],
  [/^traffic\.sidecar|interceptionMode|Istio's own$/, 'traffic that iptables leave out'],
  [/^a container runs as/, 'traffic that iptables leave out'],
  [/^dnsPolicy|^hostAliases/, 'names that the client\'s pod resolves itself'],
  [/^the client demands one of/, 'names that a rule demands of the server'],
  [/^a clash of protocols/, 'a clash of protocols on the client\'s listener'],
];

/** The referee's reason without the names in it. */
function topicOf(why: string): string {
  return TOPICS.find(([pattern]) => pattern.test(why))?.[1] ?? why;
}

/** The smallest mesh that shows a difference of a mesh, as one line that keep.ts takes, with both verdicts. */
async function smallest(judge: ConnectionJudge, Mesh: Model, { mesh, differences: [{ words }] }: Differing): Promise<string> {
  const differencesOf = async (objects: readonly Manifest[]) => {
    const verdict = await judge.judge({ ...mesh, objects });
    return verdict.error ? [] : compareMesh(Mesh, { ...mesh, objects }, verdict).differences;
  };
  const objects = await shrunken(mesh.objects, async (fewer) => (await differencesOf(fewer)).some((other) => other.words === words));
  const shown = (await differencesOf(objects)).map(({ text }) => text);
  return [`mesh ${mesh.id} made small:`, ...shown, JSON.stringify({ ...mesh, objects })].join('\n');
}
