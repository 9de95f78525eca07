import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { IstioAdmission, MtlsAnalysis, StrictMeshMtls } from 'cdk8s-istio-mtls';
import { ISTIO_KINDS, IstioKind } from './istio-kinds';

const RATINGS_POD = { metadata: { labels: { app: 'ratings', version: 'v1' } }, spec: { containers: [{ name: 'ratings', ports: [{ containerPort: 9080 }] }] } };

/** The library's own policy for the mesh, workloads, and an object of every kind of Istio's. */
export function addMesh(chart: Chart): void {
  const add = (apiVersion: string, kind: string, name: string, spec: object) =>
    new ApiObject(chart, `${kind}-${name}`, { apiVersion, kind, metadata: { name, namespace: 'shop' }, spec });
  new StrictMeshMtls(chart, 'mtls');
  new ApiObject(chart, 'shop', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } });
  add('apps/v1', 'Deployment', 'web', { template: { metadata: { labels: { app: 'web' } }, spec: { serviceAccountName: 'web' } } });
  add('apps/v1', 'Deployment', 'ratings', { template: RATINGS_POD });
  add('v1', 'Service', 'ratings', { selector: { app: 'ratings' }, ports: [{ name: 'http', port: 9080 }] });
  for (const { apiVersion, kind, valid } of ISTIO_KINDS) add(apiVersion, kind, kind.toLowerCase(), valid);
}

/** The YAML of an app with that mesh, admitted and analyzed. */
export function meshYaml(): string {
  return yamlOf((app) => {
    MtlsAnalysis.attach(app);
    addMesh(new Chart(app, 'mesh'));
  });
}

/** What a synth says of an object of this kind that breaks a rule. */
export function refusalOf({ apiVersion, kind, faulty }: IstioKind): string {
  try {
    yamlOf((app) => {
      IstioAdmission.attach(app);
      new ApiObject(new Chart(app, 'shop', { namespace: 'shop' }), 'faulty', { apiVersion, kind, spec: faulty });
    });
  } catch (error) {
    return (error as Error).message;
  }
  return `${kind}: nothing is refused\n`;
}

/** All that the program prints: it must be the same wherever it runs. */
export function report(): string {
  const yaml = meshYaml();
  const { findings, summary } = MtlsAnalysis.ofYaml(yaml);
  const refusals = ISTIO_KINDS.map((istioKind) => `${istioKind.kind}, expected ${istioKind.code}: ${refusalOf(istioKind)}`);
  return [yaml, `${summary.connections} connections, ${summary.mtls} of mutual TLS`, ...findings.map(({ message }) => message), ...refusals, ''].join('\n');
}

function yamlOf(build: (app: App) => void): string {
  const outdir = mkdtempSync(join(tmpdir(), 'mesh-'));
  try {
    const app = new App({ outdir });
    build(app);
    app.synth();
    return readdirSync(outdir).sort().map((file) => readFileSync(join(outdir, file), 'utf8')).join('---\n');
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
