// What `MtlsAnalysis.attach(app)` adds to the synth of apps of 200 and of 1,000 workloads with their Services; each synth in a
// process of its own, as a cdk8s app runs once.
import { bound, inFreshProcess, side } from './measure.mjs';

/** Numbers of workloads, and the milliseconds that it may add. */
const MOST = { 200: 110, 1000: 200 };

const synth = (root, count, attach) => () => inFreshProcess(`
  const { ApiObject, App, Chart } = require('cdk8s');
  const { MtlsAnalysis, StrictMeshMtls } = require(${JSON.stringify(root)});
  const start = process.hrtime.bigint();
  const app = new App();
  new StrictMeshMtls(new Chart(app, 'mesh'), 'strict');
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } });
  for (let index = 0; index < ${count}; index++) {
    const labels = { app: 'app-' + index };
    const containers = [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }] }];
    new ApiObject(chart, 'deployment-' + index, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: labels.app },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    });
    new ApiObject(chart, 'service-' + index, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: labels.app },
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    });
  }
  ${attach ? 'MtlsAnalysis.attach(app);' : ''}
  app.synthYaml();
  console.log(Number(process.hrtime.bigint() - start) / 1e6);
  ${attach ? `
  const { connections, mtls } = MtlsAnalysis.of(app).summary;
  if (connections !== ${count * (count - 1)} || mtls !== connections) throw new Error('the analysis sees ' + connections + ' connections, ' + mtls + ' of them mutual TLS; expected all of ${count * (count - 1)}');` : ''}
`);

export function analysis({ root }) {
  return Object.entries(MOST).flatMap(([count, most]) => {
    const ms = side({ with: synth(root, count, true), without: synth(root, count, false) }, { runs: 9 });
    const added = ms.with - ms.without;
    return bound({ what: `MtlsAnalysis.attach on ${count} workloads`, text: `${added.toFixed(0)} ms beside ${ms.without.toFixed(0)} ms of a synth without`, value: added, most });
  });
}
