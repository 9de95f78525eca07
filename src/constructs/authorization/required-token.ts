import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { authorizationPolicy, checkedPorts } from './allowed-callers';
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
   * CronJob, Argo Rollout or Pod, of cdk8s-plus (any version), or an ApiObject in `Pods.of`. Both objects select pods by all
   * labels of its pod template, read at synth. To select pods by labels alone, pass `Pods.withLabels`.
   */
  readonly workload: IWorkload;

  /** The issuers whose tokens are accepted: a request needs a valid token of one of them. At least one. */
  readonly issuers: TokenIssuer[];

  /**
   * Paths that need no token, such as those of health checks: exact, with a `*` at the start or end, or with `{*}` for one
   * segment and `{**}` for any number of segments. Case and a trailing slash matter. At least one.
   *
   * @default - none
   */
  readonly exceptPaths?: string[];

  /**
   * The **container's** ports that need no token, 1 to 65535, not the Service's. List every port that isn't HTTP: calls there
   * carry no token, so Istio would deny them all. At least one.
   *
   * @default - none
   */
  readonly exceptPorts?: number[];

  /**
   * Whether requests with method OPTIONS need no token, on any path. Browsers send such preflight requests without a token
   * before they call another origin.
   *
   * @default false
   */
  readonly exceptPreflight?: boolean;

  /**
   * The namespace of the pods.
   *
   * @default - the workload's; with `Pods.withLabels`, the chart's; an error if there is none
   */
  readonly namespace?: string;

  /**
   * Whether Istio only counts and logs requests without a token, and denies none. Requests with an invalid token are still
   * rejected.
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
 * Istio's RequestAuthentication and AuthorizationPolicy for one workload: require a token of end users, and reject requests without a
 * valid one of one of the issuers.
 *
 * Emits two objects in the workload's namespace: a RequestAuthentication, which validates tokens and rejects invalid ones
 * with 401, and an AuthorizationPolicy with action DENY, which denies requests without a token with 403. The first alone
 * admits everybody who sends no token; the second alone denies everybody. A token must have a subject (`sub`).
 * AllowedCallers says which workloads may call; a request must pass both.
 *
 * @throws if `workload` isn't a workload, or is `Pods.withLabels` without labels, if there is no namespace, if there is no issuer, or
 * one without exactly one of `jwksUri` and `jwks`, if keys aren't readable or are private, if a path or port is invalid, or if
 * all paths are excepted; at synth, as far as the app shows it, if a port that isn't HTTP isn't excepted, if the workload has
 * no proxy that reads HTTP, if a port is the Service's, if another RequiredToken selects the same labels, or if the namespace
 * is the root namespace
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
  /** The RequestAuthentication, which validates tokens. */
  public readonly authentication: ApiObject;

  /** The AuthorizationPolicy, which denies requests without a token. */
  public readonly policy: ApiObject;

  /** The namespace of the workload and both objects. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: RequiredTokenProps) {
    super(scope, id);
    const { path } = this.node;
    const refuse = refusing(WORDS.kind, path);
    const selection = new WorkloadSelection(this, path, props, WORDS);
    const { namespace } = selection;
    const exceptPorts = checkedPorts(props.exceptPorts, 'exceptPorts', refuse);
    const exceptPaths = checkedExceptions(props.exceptPaths, refuse);
    const jwtRules = renderIssuers(props.issuers, refuse);
    const operation = operationExcept(exceptPorts, exceptPaths, props.exceptPreflight);
    const { apiVersion, kind } = security.RequestAuthentication.GVK;
    const { name, policyName = name } = props;
    this.namespace = namespace;
    const metadata = { namespace, ...name && { name } };
    const selector = selection.selector();
    this.authentication = new ApiObject(this, 'Authentication', { apiVersion, kind, metadata, spec: { selector, jwtRules } });
    this.policy = new ApiObject(this, 'Policy', authorizationPolicy({ namespace, name: policyName, dryRun: props.dryRun }, {
      selector,
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
      ports: () => exceptPorts,
      isExcept: true,
      ofHttp: { field: 'jwtRules', fix: "add the port to 'exceptPorts', and allow its callers with AllowedCallers" },
      callers: [],
    });
  }
}

function operationExcept(ports: readonly number[], paths: readonly string[] | undefined, exceptPreflight: boolean | undefined): object {
  return {
    ...ports.length > 0 && { notPorts: ports.map(String) },
    ...paths && { notPaths: paths },
    ...exceptPreflight && { notMethods: ['OPTIONS'] },
  };
}

function checkedExceptions(paths: readonly string[] | undefined, refuse: Refuse): readonly string[] | undefined {
  const checked = checkedPaths('exceptPaths', paths, refuse);
  const all = checked?.find((path) => ['*', '/*', '/{**}'].includes(path));
  if (all === undefined) return checked;
  throw refuse({
    code: 'API814',
    field: 'exceptPaths',
    actual: `'${all}'`,
    expected: 'only some paths',
    because: 'this matches all paths: no request would need a token',
    fix: 'list only the paths that need no token',
  });
}

interface TokenPolicy {
  readonly construct: RequiredToken;
  readonly namespace: string;
  readonly labels: () => Record<string, string>;
}

/** Each would reject the tokens that the other accepts. */
const requiredTokens = new AppCheck<TokenPolicy>((members) => {
  const seen = new Map<string, RequiredToken>();
  return members.flatMap(({ construct, namespace, labels }) => {
    const key = JSON.stringify([namespace, Object.entries(labels()).sort()]);
    const other = seen.get(key);
    if (!other) seen.set(key, construct);
    return other === undefined ? [] : [refusalMessage({
      code: 'API813',
      kind: WORDS.kind,
      path: construct.node.path,
      field: WORDS.field,
      actual: `the same as for ${other.node.path}`,
      expected: 'one RequiredToken for each set of labels',
      because: 'a request would need a token for both, and it has only one',
      fix: "list all issuers in the 'issuers' of one",
    })];
  });
});
