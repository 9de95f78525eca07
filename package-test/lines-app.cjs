// A user's app: node app.js cdk8s-plus-N. Prints the objects of Istio, and the outcomes of calls.
const assert = require('node:assert');
const { ApiObject, App, Chart, Testing, Yaml } = require('cdk8s');
const { CaSource, CertManagerIssuer, ClientTls, Destination, IstioMesh, MtlsAnalysis, MtlsMode, NamespaceOverride, Pods, WorkloadOverride } = require('cdk8s-istio-mtls');

const kplus = require(process.argv[2]);

const app = new App();
const platform = new Chart(app, 'platform');
const mesh = new IstioMesh(platform, 'mesh', { revision: '1-31' });
mesh.strict();
mesh.customCa(CaSource.certManager({ issuer: CertManagerIssuer.clusterIssuer('company-root') }));
new kplus.Namespace(platform, 'shop', { metadata: { name: 'shop', labels: mesh.injectionLabels } });

const shop = new Chart(app, 'shop', { namespace: 'shop' });
const containers = [{ image: 'app:1', portNumber: 8080 }];
const pods = (name) => ({ containers, metadata: { name }, podMetadata: { labels: { app: name } } });
const web = new kplus.Deployment(shop, 'web', pods('web'));
const api = new kplus.Deployment(shop, 'api', pods('api'));
const service = new kplus.Service(shop, 'api-service', { metadata: { name: 'api' }, selector: api, ports: [{ port: 80, targetPort: 8080, name: 'http' }] });
const headless = new kplus.Service(shop, 'db-service', { metadata: { name: 'db' }, ports: [{ port: 5432 }], clusterIP: 'None' });
const workloads = {
  api,
  db: new kplus.StatefulSet(shop, 'db', { ...pods('db'), service: headless }),
  agent: new kplus.DaemonSet(shop, 'agent', pods('agent')),
  once: new kplus.Job(shop, 'once', pods('once')),
  nightly: new kplus.CronJob(shop, 'nightly', { ...pods('nightly'), schedule: kplus.Cron ? kplus.Cron.daily() : require('cdk8s').Cron.daily() }),
  single: new kplus.Pod(shop, 'single', { containers, metadata: { name: 'single', labels: { app: 'single' } } }),
  rollout: new ApiObject(shop, 'rollout', {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'rollout' }, spec: { template: { metadata: { labels: { app: 'rollout' } } } },
  }),
  selected: Pods.selectedBy(kplus.Pods.select(shop, 'selected', {
    labels: { app: 'selected' }, namespaces: kplus.Namespaces.select(shop, 'bank', { names: ['bank'] }),
  })),
};
for (const [name, workload] of Object.entries(workloads)) {
  new WorkloadOverride(shop, `${name}-mtls`, { workload, mode: MtlsMode.PERMISSIVE });
}
new NamespaceOverride(shop, 'mtls', { mode: MtlsMode.STRICT });
Destination.ofService(shop, 'api-clients', service, { client: web, tls: ClientTls.istioMutual() });
MtlsAnalysis.attach(app);
app.synth();

assert.throws(() => new WorkloadOverride(shop, 'refused', {
  workload: Pods.selectedBy(kplus.Pods.select(shop, 'by-expression', { labels: { app: 'a' }, expressions: [kplus.LabelExpression.exists('tier')] })),
  mode: MtlsMode.STRICT,
}), /API087/);

const istios = [platform, shop].flatMap((chart) => Testing.synth(chart)).filter(({ apiVersion }) => /istio\.io|cert-manager\.io/.test(apiVersion));
console.log(Yaml.stringify(...istios));
console.log(JSON.stringify(MtlsAnalysis.of(app).summary));
