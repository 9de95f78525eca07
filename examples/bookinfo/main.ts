import { App, Chart } from 'cdk8s';
import {
  AllowedCallers, Backend, Caller, Destination, HttpRoute, IstioMesh, MtlsMode, NamespaceOverride, StringMatch, WorkloadOverride,
} from 'cdk8s-istio-mtls';
import * as kplus from 'cdk8s-plus-28';
import { Bookinfo } from './bookinfo';

const app = new App();

// The platform team: mutual TLS for the whole mesh, and a namespace whose pods get a sidecar.
const platform = new Chart(app, 'platform');
const mesh = new IstioMesh(platform, 'mesh');
mesh.strict();
new kplus.Namespace(platform, 'bookinfo', { metadata: { name: 'bookinfo', labels: mesh.injectionLabels } });

// The application team: workloads as always …
const bookinfo = new Bookinfo(app, 'bookinfo', 'bookinfo');

// … and how they are called. While callers outside the mesh are moving in, bookinfo accepts plaintext too.
const traffic = new Chart(app, 'bookinfo-traffic', { namespace: 'bookinfo' });
new NamespaceOverride(traffic, 'migration', { mode: MtlsMode.PERMISSIVE });

// Ratings has no such callers, only a Prometheus without sidecar that scrapes its metrics.
new WorkloadOverride(traffic, 'ratings', {
  workload: bookinfo.ratings,
  mode: MtlsMode.STRICT,
  ports: [{ port: 9090, mode: MtlsMode.PERMISSIVE }],
});

// Who else is in the mesh has no business with details.
new AllowedCallers(traffic, 'details-callers', { workload: bookinfo.details, callers: [Caller.workload(bookinfo.productpage)] });

// Jason tries v2 of reviews. Of all other requests nine of ten go to v1, and one to v3. Auto mTLS goes on deciding the clients' TLS.
const reviews = Destination.ofService(traffic, 'reviews', bookinfo.reviewsService, {
  subsets: ['v1', 'v2', 'v3'].map((version) => ({ name: version, labels: { version } })),
});
new HttpRoute(traffic, 'reviews-route', {
  rules: [{ matches: [{ headers: { 'end-user': StringMatch.exact('jason') } }], to: [Backend.subset(reviews.subset('v2'))] }],
  to: [Backend.subset(reviews.subset('v1'), { weight: 90 }), Backend.subset(reviews.subset('v3'), { weight: 10 })],
});

app.synth();
