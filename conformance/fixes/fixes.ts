// The fixes part: changes of YAML that findings in random meshes give. A live kube-apiserver and istiod's webhook must admit each
// changed object, and istiod must make of the changed mesh what the model promises: nothing that worked is worse.
import type { ObjectChange } from '../../src/findings/finding';
import { Cluster } from '../admission/cluster';
import { compareMesh, modelIn, modelled } from '../connections/comparing';
import { sampleMeshes } from '../generators/mesh';
import { libraryModule } from '../library';
import type { Manifest } from '../manifest';
import { runningServer, withApiServer } from '../node/api-server';
import { ConnectionJudge } from '../node/connection-judge';
import { inOrder } from '../node/in-order';
import { istioVersion } from '../node/module-version';
import type { PartOptions, PartResult, Print } from '../part';
import { applied, isOf, type Applied } from './applied';
import { worsened } from './worsened';

/** Of how many meshes one fix is expected, and how great a share one rule may have, so that rare ones have theirs. */
const [MESHES_A_FIX, SHARE] = [4, 0.1];
const IN_FLIGHT = 100;
/** How often istiod is asked again where it differs: what goes by the order of a Go map will agree once. */
const ASKED_AGAIN = 8;

const MISSPELT = 'a mode that isn\'t one';
/** What a faulty fix would write. */
const FAULTY: Manifest = {
  apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { namespace: 'a', name: 'faulty' }, spec: { mtls: { mode: 'ANY' } },
};
const UNDONE = 'the changes undone';

export interface FixFacts {
  readonly istio: string;
  readonly seed: number;
  meshes: number;
  fixes: number;
  admitted: number;
  deleted: number;
  /** Changed objects that are refused unchanged, too. */
  unjudgedObjects: number;
  connections: number;
  unjudgedMeshes: number;
  better: number;
  differences: number;
  /** How many fixes of each rule were tried. */
  readonly rules: Record<string, number>;
  /** Whether what is wrong on purpose was told. */
  readonly sabotages: Partial<Record<typeof MISSPELT | typeof UNDONE, boolean>>;
}

/** A fix of a finding, with its mesh before and after. */
interface Fix extends Applied {
  readonly id: string;
  readonly code: string;
  readonly change: ObjectChange;
  readonly objects: readonly Manifest[];
  /** The object before it is changed. */
  readonly former?: Manifest;
}

interface Judges {
  readonly judge: ConnectionJudge;
  readonly cluster: Cluster;
  readonly facts: FixFacts;
  readonly print: Print;
}

/** @param count how many fixes */
export async function fixes({ seed, count = 200, print }: PartOptions): Promise<PartResult<FixFacts>> {
  const facts: FixFacts = {
    istio: istioVersion(), seed, meshes: 0, fixes: 0, admitted: 0, deleted: 0, unjudgedObjects: 0, connections: 0,
    unjudgedMeshes: 0, better: 0, differences: 0, rules: {}, sabotages: {},
  };
  const judge = new ConnectionJudge();
  try {
    await withApiServer(runningServer(), async (client) => {
      const cluster = new Cluster(client);
      try {
        facts.sabotages[MISSPELT] = await refusalOf(cluster, FAULTY) !== undefined;
        await judgeAll({ judge, cluster, facts, print }, chosen(seed, count, facts));
      } finally {
        cluster.close();
      }
    });
  } finally {
    judge.close();
  }
  const missed = ([MISSPELT, UNDONE] as const).filter((name) => !facts.sabotages[name]);
  for (const name of missed) print(`fixes: ${name} was not told as a difference`);
  return { passed: facts.fixes + 2 - facts.differences - missed.length, failed: facts.differences + missed.length, facts };
}

/** The fixes of meshes, each with its mesh before and after; of no rule too many. */
function* chosen(seed: number, count: number, facts: FixFacts): Generator<Fix> {
  const { analyze } = libraryModule('analysis/analysis');
  for (const { id, objects } of sampleMeshes(seed, count * MESHES_A_FIX)) {
    if (facts.fixes >= count) return;
    facts.meshes += 1;
    for (const { code, change } of analyze(modelled(modelIn(), { objects })).findings) {
      if (!change || facts.fixes >= count || (facts.rules[code] ?? 0) >= Math.ceil(count * SHARE)) continue;
      facts.rules[code] = (facts.rules[code] ?? 0) + 1;
      facts.fixes += 1;
      yield { id, code, change, objects, former: objects.filter((one) => isOf(change, one)).pop(), ...applied(change, objects) };
    }
  }
}

async function judgeAll(judges: Judges, all: Iterable<Fix>): Promise<void> {
  const { facts, print } = judges;
  for await (const [fix, faults] of inOrder(all, (one) => judged(judges, one), IN_FLIGHT)) {
    if (faults.length === 0) continue;
    facts.differences += 1;
    print(`fixes: mesh ${fix.id} ${fix.code}\n  ${JSON.stringify(fix.change)}\n  ${faults.join('\n  ')}\n  ${JSON.stringify({ id: fix.id, objects: fix.objects })}`);
  }
}

async function judged(judges: Judges, fix: Fix): Promise<string[]> {
  return [...await admission(judges, fix), ...await outcome(judges, fix)];
}

/** What the cluster says against the changed object; where it refuses it unchanged, too, nobody can apply either. */
async function admission({ cluster, facts }: Judges, { former, after }: Fix): Promise<string[]> {
  if (!after) {
    facts.deleted += 1;
    return [];
  }
  const refusal = await refusalOf(cluster, after);
  if (refusal && former && await refusalOf(cluster, former)) {
    facts.unjudgedObjects += 1;
    return [];
  }
  if (refusal) return [`refused: ${refusal}`];
  facts.admitted += 1;
  return [];
}

/** Why an object isn't taken; the webhook is asked of Istio's kinds only. */
async function refusalOf(cluster: Cluster, object: Manifest): Promise<string | undefined> {
  const { apiserver, webhook } = await cluster.judge(object);
  if (!apiserver.allowed) return apiserver.message;
  return !/\bistio\.io\//.test(object.apiVersion) || webhook?.allowed ? undefined : webhook?.message ?? webhook?.panic;
}

/** What istiod says against the changed mesh: that it differs from the model's, or makes something worse. */
async function outcome({ judge, facts }: Judges, { id, objects, changed }: Fix): Promise<string[]> {
  const Mesh = modelIn();
  const ask = async (all: readonly Manifest[]) => judge.judge({ id, objects: all });
  let faults: string[] = [];
  for (let time = 0; time < ASKED_AGAIN; time += 1) {
    const [before, after] = await Promise.all([ask(objects), ask(changed)]);
    if (before.error || after.error) {
      facts.unjudgedMeshes += Number(time === 0);
      return [];
    }
    const { differences, agreed } = compareMesh(Mesh, { objects: changed }, after);
    // Where the model differed before, it is the other part's to tell.
    const known = new Set(compareMesh(Mesh, { objects }, before).differences.map(({ text }) => text));
    const own = differences.filter(({ text }) => !known.has(text));
    const worse = worsened(before, after, [...modelled(Mesh, { objects }).connections()]);
    faults = [...own.map(({ text }) => `istiod differs: ${text}`), ...worse.map((text) => `istiod makes it worse: ${text}`)];
    if (faults.length > 0) continue;
    facts.connections += agreed;
    const isBetter = worsened(after, before).length > 0;
    facts.better += Number(isBetter);
    if (isBetter) facts.sabotages[UNDONE] = true;
    return [];
  }
  return faults;
}
