// What the synth of an app of 100 Services with 500 declared calls costs: alone, and with Sidecars for them; and how the synth of Sidecars
// grows with their number, without connections to judge. Each synth in a process of its own, as a cdk8s app runs once.
import { bound, inFreshProcess, side } from './measure.mjs';

const [SERVICES, EACH] = [100, 5];
/** Milliseconds. */
const MOST = 1500;

const [FEW, MANY] = [200, 800];
/** How many times as long a synth of four times as many Sidecars may take. */
const GROWTH = 4;

/** Processor time: what else the machine does adds less to it. */
const scopes = (root, count) => () => inFreshProcess(`
  const { App, Chart } = require('cdk8s');
  const kplus = require('cdk8s-plus-33');
  const { SidecarScope } = require(${JSON.stringify(root)});
  const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
  for (let index = 0; index < ${count}; index++) {
    const workload = new kplus.Deployment(shop, 'app-' + index, { containers: [{ image: 'app:1', portNumber: 8080 }] });
    const service = workload.exposeViaService({ name: 'app-' + index, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
    new SidecarScope(shop, 'scope-' + index, { workload, calls: [service] });
  }
  const before = process.cpuUsage();
  const yaml = shop.node.root.synthYaml();
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1e3);
  const found = yaml.split('\\nkind: Sidecar').length - 1;
  if (found !== ${count}) throw new Error('the app has ' + found + ' Sidecars; expected ${count}');
`);

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
  const sidecars = side({ few: scopes(root, FEW), many: scopes(root, MANY) }, { runs: 3 });
  const growth = sidecars.many / sidecars.few;
  const what = `a synth of ${SERVICES} Services with ${SERVICES * EACH} declared calls`;
  return [
    bound({ what, text: `${ms.alone.toFixed(0)} ms`, value: ms.alone, most: MOST }),
    bound({ what: `${what}, with Sidecars`, text: `${ms.sidecars.toFixed(0)} ms`, value: ms.sidecars, most: MOST }),
    bound({
      what: `a synth of ${MANY} Sidecars, beside one of ${FEW}`,
      text: `${sidecars.many.toFixed(0)} ms, ${growth.toFixed(1)} times as long`,
      value: growth,
      most: GROWTH,
    }),
  ].flat();
}
