import { Calls } from 'cdk8s-istio-mtls';
import * as kplus from 'cdk8s-plus-33';
import { Construct } from 'constructs';

/** The port of the containers; their Services have port 80. */
export const PORT = 8080;

export interface MicroserviceProps {
  /** What it calls, and nothing else. It finds the URL of each in an environment variable. */
  readonly calls?: Microservice[];
}

/** A Deployment, its Service, and a service account of its own: that is who calls, in the mesh's certificates. */
export class Microservice extends Construct {
  public readonly workload: kplus.Deployment;
  public readonly service: kplus.Service;
  public readonly url: string;
  /** Its declared calls, to which more can be added. */
  public readonly calls: Calls;

  public constructor(scope: Construct, id: string, { calls = [] }: MicroserviceProps = {}) {
    super(scope, id);
    this.workload = new kplus.Deployment(this, 'deployment', {
      metadata: { name: id },
      podMetadata: { labels: { app: id } },
      serviceAccount: new kplus.ServiceAccount(this, 'account', { metadata: { name: id } }),
      containers: [{
        name: id,
        image: `registry.shop.example/${id}:1.0.0`,
        ports: [{ name: 'http', number: PORT }],
        envVariables: Object.fromEntries(calls.map(({ node, url }) => [`${node.id.toUpperCase()}_URL`, kplus.EnvValue.fromValue(url)])),
      }],
    });
    this.service = this.workload.exposeViaService({ name: id, ports: [{ name: 'http', port: 80, targetPort: PORT }] });
    this.calls = Calls.of(this.workload);
    for (const { service } of calls) this.calls.to(service);
    this.url = `http://${id}.${this.service.metadata.namespace}`;
  }
}
