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
   * The namespace that the policy applies to.
   *
   * @default - the chart's namespace; an error if it has none
   */
  readonly namespace?: string;

  /**
   * Whether the policy applies to all workloads of the mesh, including gateways. It is then in the root namespace,
   * regardless of the chart's.
   *
   * @default false
   */
  readonly wholeMesh?: boolean;

  /**
   * Set `true` to enforce the policy: **callers that no ALLOW policy allows can then call nothing**, including users behind an
   * ingress gateway, Prometheus and workloads without a sidecar.
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
 * Istio's AuthorizationPolicy for one namespace, or the mesh: denies all calls to the workloads there, unless an AllowedCallers or
 * another ALLOW policy allows them.
 *
 * Emits one AuthorizationPolicy that allows nothing, without a selector. **It is a dry run** until you set
 * `iUnderstandThatCallersWithoutAPolicyAreLockedOut`, because nothing proves yet that it locks nobody out. In a dry run, Istio
 * counts and logs what the dry-run policies alone would deny.
 *
 * @throws if there is no namespace, if it is the root namespace and `wholeMesh` isn't set, or if `wholeMesh` is set with another namespace
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
  /** The namespace of the policy. */
  public readonly namespace: string;

  /** Whether the policy is enforced. If not, it is a dry run. */
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
    throw misplaced(refuse, `'${asked}' together with 'wholeMesh'`, 'only one of them',
      'a policy for the whole mesh is in the root namespace', "remove 'namespace' or 'wholeMesh'");
  }
  const namespace = namespaceOf({ scope, path, kind: KIND, asked });
  if (namespace !== rootNamespace) return namespace;
  throw misplaced(refuse, `the root namespace '${namespace}'`, 'another namespace', 'the policy would apply to the whole mesh',
    "set 'wholeMesh' if it should");
}

function misplaced(refuse: Refuse, actual: string, expected: string, because: string, fix: string): Error {
  return refuse({ code: 'API815', field: 'metadata.namespace', actual, expected, because, fix });
}
