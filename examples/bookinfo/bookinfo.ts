import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';

const PORT = 9080;

/** Istio's Bookinfo application: productpage calls details and reviews, reviews (v2 and v3) call ratings. */
export class Bookinfo extends Chart {
  public readonly productpage: kplus.Deployment;
  public readonly details: kplus.Deployment;
  public readonly ratings: kplus.Deployment;
  public readonly reviewsService: kplus.Service;

  public constructor(scope: Construct, id: string, namespace: string) {
    super(scope, id, { namespace });
    [this.productpage] = this.microservice('productpage', ['v1']).deployments;
    [this.details] = this.microservice('details', ['v1']).deployments;
    this.reviewsService = this.microservice('reviews', ['v1', 'v2', 'v3']).service;
    [this.ratings] = this.microservice('ratings', ['v1']).deployments;
    this.ratings.containers[0].addPort({ name: 'metrics', number: 9090 });
  }

  /** One Service, one ServiceAccount, and a Deployment for each version. */
  private microservice(app: string, versions: string[]): { service: kplus.Service; deployments: kplus.Deployment[] } {
    const serviceAccount = new kplus.ServiceAccount(this, `${app}-account`, { metadata: { name: `bookinfo-${app}` } });
    const deployments = versions.map((version) => new kplus.Deployment(this, `${app}-${version}`, {
      metadata: { name: `${app}-${version}`, labels: { app, version } },
      podMetadata: { labels: { app, version } },
      replicas: 1,
      serviceAccount,
      containers: [{
        name: app,
        image: `istio/examples-bookinfo-${app}-${version}:1.20.3`,
        ports: [{ name: 'http', number: PORT }],
        securityContext: { ensureNonRoot: true, user: 1000, readOnlyRootFilesystem: false },
      }],
    }));
    const service = new kplus.Service(this, app, {
      metadata: { name: app, labels: { app } },
      ports: [{ name: 'http', port: PORT, targetPort: PORT }],
    });
    service.selectLabel('app', app);
    return { service, deployments };
  }
}
