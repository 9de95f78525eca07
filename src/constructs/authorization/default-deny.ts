import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { authorizationPolicy } from './allowed-callers';
import { IstioAdmission } from '../../integration/istio-admission';
import { MeshFacts } from '../../integration/mesh-facts';
import { pathIn } from '../api-object';
import { namespaceOf } from '../namespace';
import { Refuse, refusing } from '../refuse';

const KIND = 'AuthorizationPolicy';

/** Properties of DefaultDeny. */
export interface DefaultDenyProps {
  /**
   * The namespace whose workloads are meant.
   *
   * @default - the chart's namespace; without one it is an error
   */
  readonly namespace?: string;

  /**
   * All workloads of the mesh are meant, gateways among them: the policy lies in the root namespace, whatever the chart's.
   *
   * @default false
   */
  readonly wholeMesh?: boolean;

  /**
   * Set `true` to enforce it: **callers that no ALLOW policy names can then call nothing**, users behind an ingress
   * gateway, Prometheus and workloads without a sidecar among them.
   *
   * @default false: a dry run, in which Istio denies nothing and only counts and logs
   */
  readonly iUnderstandThatCallersWithoutAPolicyAreLockedOut?: boolean;

  /**
   * Name of the AuthorizationPolicy.
   *
   * @default 'default-deny'
   */
  readonly name?: string;
}

/**
 * Nobody may call the workloads of a namespace, or of the mesh, unless an AllowedCallers or another ALLOW policy says so.
 *
 * Is one AuthorizationPolicy that allows nothing, without a selector. **It is emitted as a dry run** unless you say in so many
 * words that you know what it does, since nothing proves yet that it locks nobody out. In a dry run Istio counts and logs what
 * the policies of the dry run alone would refuse.
 *
 * @throws if no namespace can be found, if the namespace is the root namespace and `wholeMesh` isn't said, or if both are
 * @see https://istio.io/latest/docs/concepts/security/#allow-nothing-deny-all-and-allow-all-policy
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { DefaultDeny } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * new DefaultDeny(shop, 'default-deny');
 */
export class DefaultDeny extends ApiObject {
  /** Where the policy lies. */
  public readonly namespace: string;

  /** Whether it is enforced, and not only a dry run. */
  public readonly enforced: boolean;

  public constructor(scope: Construct, id: string, props: DefaultDenyProps = {}) {
    const path = pathIn(scope, id);
    const rootNamespace = MeshFacts.of(scope).read('rootNamespace', { kind: KIND, path });
    const namespace = reachOf(scope, path, props, rootNamespace);
    const enforced = props.iUnderstandThatCallersWithoutAPolicyAreLockedOut === true;
    super(scope, id, authorizationPolicy({ namespace, name: props.name ?? 'default-deny', dryRun: !enforced }, {}));
    this.namespace = namespace;
    this.enforced = enforced;
    IstioAdmission.attach(this);
  }
}

function reachOf(scope: Construct, path: string, { namespace: asked, wholeMesh }: DefaultDenyProps, rootNamespace: string): string {
  const refuse = refusing(KIND, path);
  if (wholeMesh) {
    if (asked === undefined || asked === rootNamespace) return rootNamespace;
    throw misplaced(refuse, `'${asked}' together with 'wholeMesh'`, 'one of the two', 'a policy for the whole mesh lies in the root namespace', "leave out 'namespace', or 'wholeMesh'");
  }
  const namespace = namespaceOf({ scope, path, kind: KIND, asked });
  if (namespace !== rootNamespace) return namespace;
  throw misplaced(refuse, `the root namespace '${namespace}'`, 'another namespace', 'there it would hold for the whole mesh', "say 'wholeMesh' if the mesh is meant");
}

function misplaced(refuse: Refuse, actual: string, expected: string, because: string, fix: string): Error {
  return refuse({ code: 'MTLS815', field: 'metadata.namespace', actual, expected, because, fix });
}
