// The admission part: objects of all of Istio's kinds, judged by a live kube-apiserver, by istiod's webhook and by the
// library. The verdicts must be equal, and of refusals the fields too. Then objects of Kubernetes' kinds with names and
// labels of every form, which the API server alone judges.
import { KIND_NAMES } from '../generators/objects/kinds';
import { kubernetesObjects } from '../generators/objects/kubernetes';
import { sampleObjects, type SampleObject, type Samples } from '../generators/objects/objects';
import { istioSamples } from '../generators/objects/samples';
import type { Fields } from '../manifest';
import { runningServer, withApiServer } from '../node/api-server';
import type { PartOptions, PartResult, Print } from '../part';
import { Cluster, type ClusterVerdict } from './cluster';
import { difference, type AdmissionDifference } from './compare';
import { caughtFaults } from './faults';
import { loadedAdmission, refusalsOf } from './library';
import { shrunk } from './shrink';
import { WebhookFields, type Donors } from './webhook-fields';
import { inOrder } from '../node/in-order';
import { REFUSED } from '../self-test/small-inputs';

/** More differences than this are counted, not shrunk: they are mostly one. */
const SHOWN = 20;

/** How many objects are judged at a time. */
const IN_FLIGHT = 24;

/** The objects that must show the faults: always the same, so that chance has no part in it. */
const FOR_FAULTS = { seed: 1, count: 2000 };

/** How many objects of one kind, or with one mistake, were judged. */
export interface JudgedCount {
  objects: number;
  admitted: number;
}

export interface AdmissionFacts {
  readonly seed: number;
  readonly objects: number;
  agreed: number;
  differences: number;
  admitted: number;
  refusedByApiServer: number;
  refusedByWebhook: number;
  readonly kinds: Record<string, JudgedCount>;
  readonly mistakes: Record<string, JudgedCount>;
  /** By what the library was broken, how many objects showed it. */
  sabotages: Readonly<Record<string, number>>;
}

type Judge = (object: Fields, verdict?: ClusterVerdict) => Promise<AdmissionDifference | undefined>;

/** Judges `count` objects of `seed`, and prints each difference at its smallest. */
export async function admission({ seed, count = 2000, print }: PartOptions): Promise<PartResult<AdmissionFacts>> {
  const samples = istioSamples();
  const admit = loadedAdmission();
  const objects = sampleObjects(seed, count, samples);
  const facts: AdmissionFacts = {
    seed, objects: count, agreed: 0, differences: 0, admitted: 0, refusedByApiServer: 0, refusedByWebhook: 0, kinds: {}, mistakes: {}, sabotages: {},
  };
  const kubernetes = { agreed: 0, differences: 0 };
  await withCluster(samples, async (cluster, fields) => {
    await judgeKubernetes(cluster, kubernetes, print);
    const judge: Judge = async (object, verdict) => difference(admit, object, verdict ?? (await cluster.judge(object)), fields);
    for await (const [one, verdict] of inOrder(objects, ({ object }) => cluster.judge(object), IN_FLIGHT)) {
      tally(facts, one, verdict);
      const found = await judge(one.object, verdict);
      facts[found ? 'differences' : 'agreed'] += 1;
      if (found && facts.differences <= SHOWN) await show(one, found, judge, print);
    }
    facts.sabotages = await sabotages(cluster, fields, samples);
  });
  const missed = Object.keys(facts.sabotages).filter((name) => facts.sabotages[name] === 0);
  for (const name of missed) print(`admission: broken on purpose so that ${name}; no object showed it`);
  const caught = Object.keys(facts.sabotages).length - missed.length;
  return { passed: facts.agreed + kubernetes.agreed + caught, failed: facts.differences + kubernetes.differences + missed.length, facts };
}

/** Counts where the library and the API server agree about objects of Kubernetes' kinds, and prints where they don't. */
async function judgeKubernetes(cluster: Cluster, counts: { agreed: number; differences: number }, print: Print): Promise<void> {
  const admit = loadedAdmission();
  for await (const [object, isAdmitted] of inOrder(kubernetesObjects(), (one) => cluster.admits(one), IN_FLIGHT)) {
    const isRefused = refusalsOf(admit, object).length > 0;
    counts[isRefused === isAdmitted ? 'differences' : 'agreed'] += 1;
    if (isRefused !== isAdmitted || counts.differences > SHOWN) continue;
    print(`admission of Kubernetes: ${isRefused ? 'we refuse' : 'we admit'}\n  ${JSON.stringify(object)}`);
  }
}

async function sabotages(cluster: Cluster, fields: WebhookFields, samples: Samples): Promise<Readonly<Record<string, number>>> {
  const judged: [Fields, ClusterVerdict][] = [];
  const objects = sampleObjects(FOR_FAULTS.seed, FOR_FAULTS.count, samples);
  for await (const [{ object }, verdict] of inOrder(objects, (one) => cluster.judge(one.object), IN_FLIGHT)) judged.push([object, verdict]);
  for (const object of REFUSED as readonly Fields[]) judged.push([object, await cluster.judge(object)]);
  return caughtFaults(judged, fields);
}

/** Does some work with an API server and a webhook that end with it. */
async function withCluster(samples: Samples, work: (cluster: Cluster, fields: WebhookFields) => Promise<void>): Promise<void> {
  await withApiServer(runningServer(), async (client) => {
    const cluster = new Cluster(client);
    try {
      await work(cluster, new WebhookFields(cluster.webhook, donorsOf(samples)));
    } finally {
      cluster.close();
    }
  });
}

/** A spec of each kind with as many fields as there are, from which a missing one can be taken. */
function donorsOf(samples: Samples): Donors {
  const made = sampleObjects(0, 3000).filter(({ mutations }) => mutations.length === 0).map(({ object }) => object);
  return Object.fromEntries(KIND_NAMES.map((name) => {
    const ofKind = [...made.filter(({ kind }) => kind === name), ...samples[name]];
    return [name, Object.assign({}, ...ofKind.map(({ spec }) => spec))];
  }));
}

async function show({ id, mutations, object }: SampleObject, found: AdmissionDifference, judge: Judge, print: Print): Promise<void> {
  const smallest = await shrunk(object, async (candidate) => (await judge(candidate))?.what === found.what);
  const { what, ours, cluster } = await judge(smallest) ?? found;
  print(`admission ${id} (${mutations.join(', ') || 'as made'}): ${what}\n  ${JSON.stringify(smallest)}\n  ours:    ${ours}\n  cluster: ${cluster}`);
}

/** Counts what was judged, by kind and by mistake. */
function tally(facts: AdmissionFacts, { kind, mutations }: SampleObject, { apiserver, webhook }: ClusterVerdict): void {
  const admitted = Boolean(apiserver.allowed && webhook?.allowed);
  facts[admitted ? 'admitted' : apiserver.allowed ? 'refusedByWebhook' : 'refusedByApiServer'] += 1;
  add(facts.kinds, kind, admitted);
  for (const name of mutations.length > 0 ? new Set(mutations) : ['none']) add(facts.mistakes, name, admitted);
}

function add(counts: Record<string, JudgedCount>, name: string, admitted: boolean): void {
  counts[name] ??= { objects: 0, admitted: 0 };
  counts[name].objects += 1;
  counts[name].admitted += admitted ? 1 : 0;
}
