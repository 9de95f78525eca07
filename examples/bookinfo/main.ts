import { App, Chart } from 'cdk8s';
import { StrictMeshMtls } from 'cdk8s-istio-mtls';
const app = new App();
new StrictMeshMtls(new Chart(app, 'platform'), 'mtls');
app.synth();
