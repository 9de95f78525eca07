import { ApiObject, ApiObjectProps, Lazy } from 'cdk8s';
import * as networking from '../../../imports/networking.istio.io';
import { CalledService } from '../networking/destination-host';
import { egressHosts, readHostFacts } from '../networking/egress-hosts';
import { checkSeen, sidecarScopes } from '../networking/sidecar-scope-checks';
import { Pods } from '../pods';
import { refusing } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

const KIND = 'Sidecar';
const WORDS = { kind: KIND, workload: 'client', field: 'workloadSelector.labels', everyPod: "an IstioMesh without 'sidecars'" };

/** The Sidecar of a workload that declares its calls: one for each workload. */
export class DeclaredScope {
  public static of(client: ApiObject): DeclaredScope {
    let found = SCOPES.get(client);
    if (!found) SCOPES.set(client, found = new DeclaredScope(client));
    return found;
  }

  private readonly called: CalledService[] = [];

  private constructor(client: ApiObject) {
    const { path } = client.node;
    readHostFacts(client, path);
    const pods = new WorkloadSelection(client, path, { workload: Pods.of(client) }, WORDS);
    const sidecar: ApiObject = new ApiObject(client, 'Calls', {
      ...networking.Sidecar.GVK,
      metadata: { namespace: pods.namespace },
      spec: {
        workloadSelector: Lazy.any({ produce: () => ({ labels: pods.labels() }) }),
        egress: [{ hosts: Lazy.any({ produce: () => egressHosts(sidecar, this.called) }) }],
      },
    } as ApiObjectProps);
    const refuse = refusing('Calls', path);
    sidecarScopes.add(sidecar, {
      apiObject: sidecar,
      namespace: pods.namespace,
      labels: () => pods.labels(),
      isOfCalls: true,
      check: () => this.called.forEach(({ object }) => object && checkSeen(object, pods.namespace, refuse)),
    });
  }

  /** Adds what the workload calls. */
  public add(called: CalledService): void {
    this.called.push(called);
  }
}

const SCOPES = new WeakMap<ApiObject, DeclaredScope>();
