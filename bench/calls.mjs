// What the synth of an app of 100 Services with 500 declared calls costs: alone, and with Sidecars for them. Each synth in a process of
// its own, as a cdk8s app runs once.
import { bound, inFreshProcess, side } from './measure.mjs';

const [SERVICES, EACH] = [100, 5];
/** Milliseconds. */
const MOST = 1500;

const synth = (root, sidecars) => () => inFreshProcess(`
  const { App, Chart } = require('cdk8s');
  const kplus = require('cdk8s-plus-33');
  const { Calls, IstioMesh } = require(${JSON.stringify(root)});
  const start = process.hrtime.bigint();
  const app = new App();
  const mesh = new IstioMesh(new Chart(app, 'platform'), 'mesh', { sidecars: ${sidecars} });
  const shop = new Chart(app, 'shop', { namespace: 'shop' });
  new kplus.Namespace(shop, 'namespace', { metadata: { name: 'shop', labels: mesh.injectionLabels } });
  const servers = Array.from({ length: ${SERVICES} }, (_, index) => {
    const name = 'app-' + index;
    const serviceAccount = new kplus.ServiceAccount(shop, name + '-account', { metadata: { name } });
    const workload = new kplus.Deployment(shop, name, { serviceAccount, metadata: { name }, containers: [{ image: 'app:1', portNumber: 8080 }] });
    return { workload, service: workload.exposeViaService({ name, ports: [{ name: 'http', port: 80, targetPort: 8080 }] }) };
  });
  servers.forEach(({ workload }, index) => {
    for (let step = 1; step <= ${EACH}; step++) Calls.of(workload).to(servers[(index + 7 * step) % ${SERVICES}].service);
  });
  const yaml = app.synthYaml();
  console.log(Number(process.hrtime.bigint() - start) / 1e6);
  const [policies, scopes] = ['AuthorizationPolicy', 'Sidecar'].map((kind) => yaml.split('\\nkind: ' + kind).length - 1);
  if (policies !== ${SERVICES} || scopes !== ${sidecars ? SERVICES : 0}) throw new Error('the app has ' + policies + ' policies and ' + scopes + ' Sidecars; expected one for each of ${SERVICES} Services and, with Sidecars, workloads');
`);

export function calls({ root }) {
  const ms = side({ alone: synth(root, false), sidecars: synth(root, true) }, { runs: 5 });
  const what = `a synth of ${SERVICES} Services with ${SERVICES * EACH} declared calls`;
  return [
    bound({ what, text: `${ms.alone.toFixed(0)} ms`, value: ms.alone, most: MOST }),
    bound({ what: `${what}, with Sidecars`, text: `${ms.sidecars.toFixed(0)} ms`, value: ms.sidecars, most: MOST }),
  ].every(Boolean);
}
