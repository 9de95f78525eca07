import { join } from 'node:path';
import { App } from 'cdk8s';
import { MeshExpectations, MtlsAnalysis } from 'cdk8s-istio-mtls';
import { Payments } from './payments';
import { Platform } from './platform';
import { Shop } from './shop';

const app = new App();
new Platform(app, 'platform'); // first: all that is made after it goes by what it says of the mesh
const { charge } = new Payments(app, 'payments');
new Shop(app, 'shop', { charge });

// What breaks calls, or isn't as mesh-tests.yaml expects it, fails the synth before anything is written.
MtlsAnalysis.attach(app);
MeshExpectations.attach(app).addFile(join(__dirname, 'mesh-tests.yaml'));
app.synth();
