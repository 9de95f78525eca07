import { App } from 'cdk8s';
import { MtlsAnalysis } from 'cdk8s-istio-mtls';
import { DEV, Environment, PROD } from './environment';

const app = new App();
MtlsAnalysis.attach(app); // judges each environment on its own: what breaks calls in one fails the synth before anything is written
new Environment(app, 'dev', DEV);
new Environment(app, 'prod', PROD);
app.synth();
