// What 1,000 WorkloadOverrides cost to synthesize, beside the same ApiObjects written by hand. The constructs bring
// the admission of the whole app; what that costs is measured on the hand-written objects and taken off. In processor time, and
// medians: three times that are told apart by a few milliseconds don't bear the luck of a best one.
import { createRequire } from 'node:module';
import { medians, report } from './measure.mjs';

const require = createRequire(import.meta.url);
const kplus = require('cdk8s-plus-28');
const { ApiObject, App, Chart, Lazy, Testing } = require('cdk8s');
const COUNT = 1000;
/** Turns: many of the fast case. */
const TURNS = { 'by labels': 100, 'by cdk8s-plus Deployment': 25 };

function timed(build, prepare = () => {}) {
  const start = process.cpuUsage();
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  prepare(chart);
  for (let index = 0; index < COUNT; index++) build(chart, index);
  const objects = Testing.synth(chart);
  const { user, system } = process.cpuUsage(start);
  return { ms: (user + system) / 1e3, text: JSON.stringify(objects.map(({ spec }) => spec)), count: objects.length };
}

export function overrides({ root }) {
  const { IstioAdmission, MtlsMode, Pods, WorkloadOverride } = require(root);
  const admitted = (chart) => IstioAdmission.attach(chart);
  const deployment = (chart, index) => new kplus.Deployment(chart, `deployment-${index}`, {
    containers: [{ image: 'app:1', portNumber: 8080 }],
    podMetadata: { labels: { app: `app-${index}`, version: 'v1' } },
  });
  const byHand = (chart, id, matchLabels) => new ApiObject(chart, id, {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { namespace: 'shop' },
    spec: { selector: { matchLabels }, mtls: { mode: 'STRICT' }, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } } },
  });
  const intent = { mode: MtlsMode.STRICT, ports: [{ port: 9090, mode: MtlsMode.PERMISSIVE }] };
  const cases = {
    'by labels': {
      ours: (chart, index) => new WorkloadOverride(chart, `override-${index}`, { workload: Pods.withLabels({ app: `app-${index}`, version: 'v1' }), ...intent }),
      theirs: (chart, index) => byHand(chart, `override-${index}`, { app: `app-${index}`, version: 'v1' }),
    },
    'by cdk8s-plus Deployment': {
      ours: (chart, index) => new WorkloadOverride(chart, `override-${index}`, { workload: deployment(chart, index), ...intent }),
      theirs: (chart, index) => {
        const { podMetadata } = deployment(chart, index);
        byHand(chart, `override-${index}`, Lazy.any({ produce: () => podMetadata.toJson().labels }));
      },
    },
  };
  return Object.entries(cases).flatMap(([name, { ours, theirs }]) => {
    const [left, right] = [timed(ours), timed(theirs)];
    if (left.text !== right.text) throw new Error(`overrides ${name}: the two sides synthesize different objects; expected the same, or the comparison means nothing`);
    const ms = medians({ ours: () => timed(ours).ms, theirs: () => timed(theirs).ms, admitted: () => timed(theirs, admitted).ms }, { runs: TURNS[name] });
    const admission = ms.admitted - ms.theirs;
    console.log(`     admission of what ${name} makes: ${admission.toFixed(0)} ms`);
    return report({
      what: `${COUNT} overrides ${name}`,
      ours: { name: 'WorkloadOverride without admission', ms: ms.ours - admission },
      theirs: { name: 'ApiObject by hand', ms: ms.theirs },
      bound: 1.3,
    });
  });
}
