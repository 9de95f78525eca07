import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Calls, CaSource, CertManagerIssuer, ClientTls, ConnectionOutcome, CustomCa, Destination, IMtlsReporter, MtlsAnalysis, MtlsChange,
  MtlsMode, MtlsReport, NamespaceOverride, StrictMeshMtls, WorkloadOverride,
} from 'cdk8s-istio-mtls';

/** Prints what each synth finds. */
class Reporter implements IMtlsReporter {
  public report({ decided, summary, warnings }: MtlsReport): void {
    console.log(`decided: ${decided} of ${summary.connections}; warnings: ${warnings.map(({ code }) => code).join(' ') || 'none'}`);
  }
}

const app = new App();

// The mesh is strict, and istiod signs with the company's CA.
const platform = new Chart(app, 'platform');
new StrictMeshMtls(platform, 'mtls');
new CustomCa(platform, 'ca', { source: CaSource.certManager({ issuer: CertManagerIssuer.clusterIssuer('company-root') }) });

// One namespace still takes plaintext; in it, one workload takes none, but for its metrics.
const shop = new Chart(app, 'shop', { namespace: 'shop' });
new kplus.Namespace(shop, 'namespace', { metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } });
const account = new kplus.ServiceAccount(shop, 'web-account');
const web = new kplus.Deployment(shop, 'web', { serviceAccount: account, containers: [{ image: 'web:1', portNumber: 8080 }] });
const ratings = new kplus.Deployment(shop, 'ratings', {
  containers: [{ image: 'ratings:1', ports: [{ name: 'http', number: 9080 }, { name: 'metrics', number: 9090 }] }],
  podMetadata: { labels: { app: 'ratings' } },
});
const service = ratings.exposeViaService({ name: 'ratings', ports: [{ name: 'http', port: 9080 }] });
new NamespaceOverride(shop, 'migration', { mode: MtlsMode.PERMISSIVE });
new WorkloadOverride(shop, 'ratings-mtls', {
  workload: ratings,
  mode: MtlsMode.STRICT,
  ports: [{ port: 9090, mode: MtlsMode.PERMISSIVE }],
});

// What would another rule do?
const before = MtlsAnalysis.of(app);
const legacy = Destination.ofService(shop, 'legacy', service, { tls: ClientTls.disable() });
for (const group of before.whatIf([MtlsChange.replaceAllWith(app)]).diff.groups) {
  if (group.to === ConnectionOutcome.BROKEN) console.log(`broken by ${group.causes[0]}: ${group.connections}`);
}

// Only web may call ratings, and only to read; web calls nothing else.
Calls.of(web).to(service, { methods: ['GET'] });

// Now a synth fails on it, before anything is written, and what doesn't fail it is printed.
MtlsAnalysis.attach(app, { reporter: new Reporter() });
try {
  app.synth();
} catch (error) {
  console.log((error as Error).message);
}

shop.node.tryRemoveChild(legacy.node.id);
app.synth();
