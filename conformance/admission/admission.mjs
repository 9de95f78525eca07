// The admission part: objects of all of Istio's kinds, judged by a live kube-apiserver, by istiod's webhook and by the
// library. The verdicts must be equal, and of refusals the fields too.
import { KIND_NAMES } from '../generators/objects/kinds.mjs';
import { sampleObjects } from '../generators/objects/objects.mjs';
import { istioSamples } from '../generators/objects/samples.mjs';
import { runningServer, withApiServer } from '../node/api-server.mjs';
import { inOrder } from '../node/in-order.mjs';
import { Cluster } from './cluster.mjs';
import { difference } from './compare.mjs';
import { admissionOf } from './library.mjs';
import { caughtSabotages } from './sabotage.mjs';
import { shrunk } from './shrink.mjs';
import { WebhookFields } from './webhook-fields.mjs';

/** More differences than this are counted, not shrunk: they are mostly one. */
const SHOWN = 20;

/** How many objects are judged at a time. */
const IN_FLIGHT = 24;

/** The objects that must show the mistakes of sabotage.mjs: always the same, so that chance has no part in it. */
const FOR_SABOTAGE = { seed: 1, count: 2000 };

/** Judges `count` objects of `seed`, and prints each difference at its smallest: `{ passed, failed, facts }`. */
export async function admission({ seed = 1, count = 2000, print = console.log, server = runningServer() } = {}) {
  const samples = istioSamples();
  const admit = admissionOf();
  const objects = sampleObjects(seed, count, samples);
  const facts = { seed, objects: count, agreed: 0, differences: 0, admitted: 0, refusedByApiServer: 0, refusedByWebhook: 0, kinds: {}, mistakes: {} };
  await withCluster(server, samples, async (cluster, fields) => {
    const judge = async (object, verdict) => difference(admit, object, verdict ?? (await cluster.judge(object)), fields);
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
  return { passed: facts.agreed + caught, failed: facts.differences + missed.length, facts };
}

async function sabotages(cluster, fields, samples) {
  const judged = [];
  const objects = sampleObjects(FOR_SABOTAGE.seed, FOR_SABOTAGE.count, samples);
  for await (const [{ object }, verdict] of inOrder(objects, (one) => cluster.judge(one.object), IN_FLIGHT)) judged.push([object, verdict]);
  return caughtSabotages(judged, fields);
}

/** Calls `work(cluster, webhookFields)` with an API server and a webhook that end with it. */
async function withCluster(server, samples, work) {
  await withApiServer(server, async (client) => {
    const cluster = new Cluster(client);
    try {
      await work(cluster, new WebhookFields(cluster.webhook, donorsOf(samples)));
    } finally {
      cluster.close();
    }
  });
}

/** A spec of each kind with as many fields as there are, from which a missing one can be taken. */
function donorsOf(samples) {
  const made = sampleObjects(0, 3000).filter(({ mutations }) => mutations.length === 0).map(({ object }) => object);
  return Object.fromEntries(KIND_NAMES.map((name) => {
    const ofKind = [...made.filter(({ kind }) => kind === name), ...samples[name]];
    return [name, Object.assign({}, ...ofKind.map(({ spec }) => spec))];
  }));
}

async function show({ id, mutations, object }, { what }, judge, print) {
  const smallest = await shrunk(object, async (candidate) => (await judge(candidate))?.what === what);
  const { ours, cluster } = await judge(smallest);
  print(`admission ${id} (${mutations.join(', ') || 'as made'}): ${what}\n  ${JSON.stringify(smallest)}\n  ours:    ${ours}\n  cluster: ${cluster}`);
}

/** What was judged, by kind and by mistake: `{ objects, admitted }` each. */
function tally(facts, { kind, mutations }, { apiserver, webhook }) {
  const admitted = apiserver.allowed && webhook.allowed;
  facts[admitted ? 'admitted' : apiserver.allowed ? 'refusedByWebhook' : 'refusedByApiServer'] += 1;
  add(facts.kinds, kind, admitted);
  for (const name of mutations.length > 0 ? new Set(mutations) : ['none']) add(facts.mistakes, name, admitted);
}

function add(counts, name, admitted) {
  counts[name] ??= { objects: 0, admitted: 0 };
  counts[name].objects += 1;
  counts[name].admitted += admitted ? 1 : 0;
}
