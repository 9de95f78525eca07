import { ApiObject, ApiObjectProps, App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { only } from './charts';
import { IMtlsReporter, IstioMesh, IstioMeshProps, MtlsAnalysis, MtlsReport } from '../../../src/index';

/** How a workload of a shop differs from others. */
interface WorkloadProps {
  /** Its label `sidecar.istio.io/inject`. */
  readonly inject?: string;
  /** By default one of its own. */
  readonly account?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: string[];
}

/** A shop whose workloads have sidecars. */
export class DeclaringShop {
  readonly app = new App();
  readonly mesh: IstioMesh;
  readonly chart = new Chart(this.app, 'shop', { namespace: 'shop' });

  constructor({ hasNamespace = true, ...props }: IstioMeshProps & { readonly hasNamespace?: boolean } = {}) {
    this.mesh = new IstioMesh(new Chart(this.app, 'mesh'), 'mesh', props);
    if (hasNamespace) new kplus.Namespace(this.chart, 'namespace', { metadata: { name: 'shop', labels: this.mesh.injectionLabels } });
  }

  deployment(name: string, { inject, account, env = {}, args }: WorkloadProps = {}): kplus.Deployment {
    const serviceAccount = account === undefined ? new kplus.ServiceAccount(this.chart, `${name}-account`, { metadata: { name } })
      : kplus.ServiceAccount.fromServiceAccountName(this.chart, `${name}-account`, account);
    const made = new kplus.Deployment(this.chart, name, {
      serviceAccount,
      metadata: { name },
      containers: [{
        image: 'app:1',
        args,
        ports: [{ number: 8080, name: 'web' }, { number: 9090, name: 'metrics' }],
        envVariables: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, kplus.EnvValue.fromValue(value)])),
      }],
    });
    if (inject) made.podMetadata.addLabel('sidecar.istio.io/inject', inject);
    return made;
  }

  service(name: string, workload: kplus.Deployment, ports: kplus.ServicePort[] = [{ port: 80, targetPort: 8080, name: 'http' }]): kplus.Service {
    return new kplus.Service(this.chart, `${name}-service`, { metadata: { name }, selector: workload, ports });
  }

  /** A Service with the workload behind it. */
  server(name: string, ports?: kplus.ServicePort[]): kplus.Service {
    return this.service(name, this.deployment(name), ports);
  }

  object(id: string, apiVersion: string, kind: string, name: string, spec: object, namespace?: string): ApiObject {
    return new ApiObject(this.chart, id, { apiVersion, kind, metadata: { name, ...namespace && { namespace } }, spec } as ApiObjectProps);
  }

  get objects(): any[] {
    return Testing.synth(this.chart);
  }

  get policy(): any {
    return only(this.objects, 'AuthorizationPolicy').spec;
  }

  annotationOf(name: string): string | undefined {
    return only(this.objects, 'Deployment', name).metadata.annotations?.['calls.istio-mtls/to'];
  }

  get refusals(): string[] {
    return this.app.node.root.node.validate();
  }

  /** What a reporter of a synth hears of declared calls. */
  get warnings(): string[] {
    const reports: MtlsReport[] = [];
    const reporter: IMtlsReporter = { report: (report) => reports.push(report) };
    MtlsAnalysis.attach(this.app, { reporter });
    expect(this.refusals).toEqual([]);
    return reports.flatMap(({ callWarnings }) => callWarnings);
  }
}
