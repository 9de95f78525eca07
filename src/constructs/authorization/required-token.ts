import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { authorizationPolicy, portsIn } from './allowed-callers';
import { guardedWorkloads } from './guarded-workloads';
import { checkedPaths } from './request-conditions';
import { renderIssuers, TokenIssuer } from './token-issuer';
import * as security from '../../../imports/security.istio.io';
import { refusalMessage } from '../../findings/refusal';
import { AppCheck } from '../app-check';
import { IWorkload } from '../pods';
import { Refuse, refusing } from '../refuse';
import { WorkloadSelection } from '../workload-selection';

const WORDS = {
  kind: 'RequestAuthentication',
  workload: 'workload',
  field: 'selector.matchLabels',
  everyPod: 'use a RequiredToken for each workload',
};

/** Properties of RequiredToken. */
export interface RequiredTokenProps {
  /**
   * The workload whose requests need a token: a Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job,
   * CronJob, Argo Rollout or Pod, as a construct of cdk8s-plus (any version) or an ApiObject. All labels of its pod template
   * are selected by, as they are at synth.
   * Or `Pods.withLabels`, for pods by their labels alone.
   */
  readonly workload: IWorkload;

  /** Whose tokens are taken: a request needs a valid one of one of them. At least one. */
  readonly issuers: TokenIssuer[];

  /**
   * Paths that need no token, such as those of health checks: exact, with a `*` first or last, or with `{*}` for one
   * segment and `{**}` for the rest. Case counts, and so does a slash at the end.
   *
   * @default - none
   */
  readonly exceptPaths?: string[];

  /**
   * The **container's** ports that need no token, 1 to 65535: not the Service's. All that isn't HTTP must be among them,
   * since no token comes with it: without a word of it, Istio would refuse every call there.
   *
   * @default - none
   */
  readonly exceptPorts?: number[];

  /**
   * Requests with method OPTIONS need no token, whatever their path. Browsers ask so, without a token, before they call
   * another origin.
   *
   * @default false
   */
  readonly exceptPreflight?: boolean;

  /**
   * The namespace of the pods.
   *
   * @default - the workload's; with `Pods.withLabels`, the chart's; without one it is an error
   */
  readonly namespace?: string;

  /**
   * A request without a token passes, and Istio only counts and logs that it would be refused. One with an invalid token is
   * refused all the same.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Name of the RequestAuthentication.
   *
   * @default - generated from the construct's path
   */
  readonly name?: string;

  /**
   * Name of the AuthorizationPolicy.
   *
   * @default - `name`; without one, generated from the construct's path
   */
  readonly policyName?: string;
}

/**
 * End users need a token: requests without a valid one of the named issuers are refused.
 *
 * Is two objects in the workload's namespace: a RequestAuthentication, which says how tokens are checked and refuses invalid
 * ones with 401, and an AuthorizationPolicy with action DENY, which refuses requests without one with 403. The first
 * alone lets everybody in who sends no token; the second alone refuses everybody. A token must have a subject (`sub`).
 * Who may call is said by AllowedCallers; both must let a request pass.
 *
 * @throws if the workload is none, or `Pods.withLabels` without labels, if no namespace can be found, if there is no issuer, or
 * one without exactly one of `jwksUri` and `jwks`, if keys aren't readable or are private, or if a path or port is none, or
 * all paths are excepted; at synth, as far as the app shows it, if a port isn't HTTP and not excepted, if the workload has
 * no proxy that reads HTTP, if a port is the Service's, if another RequiredToken selects the same labels, or if
 * the namespace is the root namespace
 * @see https://istio.io/latest/docs/tasks/security/authentication/authn-policy/#require-a-valid-token
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { RequiredToken } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const web = new kplus.Deployment(shop, 'web', { containers: [{ image: 'web:1', portNumber: 8080 }] });
 *
 * new RequiredToken(shop, 'web-users', {
 *   workload: web,
 *   issuers: [{ issuer: 'https://login.example.com', jwksUri: 'https://login.example.com/keys', audiences: ['shop'] }],
 *   exceptPaths: ['/healthz'],
 *   exceptPorts: [9090], // metrics
 * });
 */
export class RequiredToken extends Construct {
  /** How tokens are checked. */
  public readonly authentication: ApiObject;

  /** That there must be one. */
  public readonly policy: ApiObject;

  /** The namespace of the workload, where both objects lie. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: RequiredTokenProps) {
    super(scope, id);
    const { path } = this.node;
    const refuse = refusing(WORDS.kind, path);
    const selection = new WorkloadSelection(this, path, props, WORDS);
    const { namespace } = selection;
    const exceptPorts = portsIn(props.exceptPorts, 'exceptPorts', refuse);
    const exceptPaths = checkedExceptions(props.exceptPaths, refuse);
    const jwtRules = renderIssuers(props.issuers, refuse);
    const operation = {
      ...exceptPorts.length > 0 && { notPorts: exceptPorts.map(String) },
      ...exceptPaths && { notPaths: exceptPaths },
      ...props.exceptPreflight && { notMethods: ['OPTIONS'] },
    };
    const { apiVersion, kind } = security.RequestAuthentication.GVK;
    const { name, policyName = name } = props;
    this.namespace = namespace;
    const metadata = { namespace, ...name && { name } };
    this.authentication = new ApiObject(this, 'Authentication', { apiVersion, kind, metadata, spec: { selector: selection.selector(), jwtRules } });
    this.policy = new ApiObject(this, 'Policy', authorizationPolicy({ namespace, name: policyName, dryRun: props.dryRun }, {
      selector: selection.selector(),
      action: 'DENY',
      rules: [{
        from: [{ source: { notRequestPrincipals: jwtRules.map(({ issuer }) => `${issuer}/*`) } }],
        ...Object.keys(operation).length > 0 && { to: [{ operation }] },
      }],
    }));
    const labels = () => selection.labels();
    requiredTokens.add(this, { construct: this, namespace, labels });
    guardedWorkloads.add(this, {
      refuse,
      apiObject: this.policy,
      namespace,
      labels,
      ports: exceptPorts,
      isExcept: true,
      ofHttp: { field: 'jwtRules', fix: "add the port to 'exceptPorts', and say by AllowedCallers who may call it" },
      callers: [],
    });
  }
}

function checkedExceptions(paths: readonly string[] | undefined, refuse: Refuse): readonly string[] | undefined {
  const checked = checkedPaths('exceptPaths', paths, refuse);
  const all = checked?.find((path) => ['*', '/*', '/{**}'].includes(path));
  if (all === undefined) return checked;
  throw refuse({
    code: 'MTLS814',
    field: 'exceptPaths',
    actual: `'${all}'`,
    expected: 'some paths only',
    because: 'these are all: no request would need a token',
    fix: 'name the paths that need none',
  });
}

interface TokenPolicy {
  readonly construct: RequiredToken;
  readonly namespace: string;
  readonly labels: () => Record<string, string>;
}

/** Each would refuse the tokens that the other takes. */
const requiredTokens = new AppCheck<TokenPolicy>((members) => {
  const seen = new Map<string, RequiredToken>();
  return members.flatMap(({ construct, namespace, labels }) => {
    const key = JSON.stringify([namespace, Object.entries(labels()).sort()]);
    const other = seen.get(key);
    if (!other) seen.set(key, construct);
    return other === undefined ? [] : [refusalMessage({
      code: 'MTLS813',
      kind: WORDS.kind,
      path: construct.node.path,
      field: WORDS.field,
      actual: `the same as of ${other.node.path}`,
      expected: 'one RequiredToken for the same labels',
      because: 'a request would need a token of both, and it has one',
      fix: "name all issuers in the 'issuers' of one",
    })];
  });
});
