// What a whole synth of 1,000 overrides costs with the admission that they bring, beside the same ApiObjects written
// by hand, without.
import { createRequire } from 'node:module';
import { report, side } from './measure.mjs';

const require = createRequire(import.meta.url);
const { ApiObject, App, Chart } = require('cdk8s');
const COUNT = 1000;

function timed(build) {
  const start = process.hrtime.bigint();
  const app = new App();
  const chart = new Chart(app, 'chart', { namespace: 'shop' });
  for (let index = 0; index < COUNT; index++) build(chart, index);
  app.synthYaml();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

export function admission({ root }) {
  const { MtlsMode, Pods, WorkloadOverride } = require(root);
  const labels = (index) => ({ app: `app-${index}`, version: 'v1' });
  const ours = (chart, index) => new WorkloadOverride(chart, `override-${index}`, {
    workload: Pods.withLabels(labels(index)), mode: MtlsMode.STRICT, ports: [{ port: 9090, mode: MtlsMode.PERMISSIVE }],
  });
  const byHand = (chart, index) => new ApiObject(chart, `override-${index}`, {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    spec: { selector: { matchLabels: labels(index) }, mtls: { mode: 'STRICT' }, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } } },
  });
  const ms = side({ ours: () => timed(ours), theirs: () => timed(byHand) }, { runs: 15 });
  return report({
    what: `a synth of ${COUNT} overrides`,
    ours: { name: 'WorkloadOverride with admission', ms: ms.ours },
    theirs: { name: 'ApiObject by hand without', ms: ms.theirs },
    bound: 1.6,
  });
}
