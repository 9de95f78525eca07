import { join } from 'node:path';
import { App } from 'cdk8s';
import { ROWS } from './rows';

// cdk8s synth in this folder writes each row into a folder of its own.
const outdir = process.env.CDK8S_OUTDIR ?? 'dist';
for (const [name, example] of ROWS) {
  const app = new App({ outdir: join(outdir, name) });
  example(app);
  app.synth();
}
