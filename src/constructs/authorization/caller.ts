import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isDnsSubdomain } from '../../admission/metadata/kubernetes-names';
import { withArticle } from '../../findings/refusal';
import { mapping, text } from '../../manifests/mapping';
import { coreObject } from '../api-object';
import { checkedNamespace } from '../namespace';
import { podTemplateOf } from '../pod-template';
import { IWorkload } from '../pods';
import { Refuse } from '../refuse';
import { workloadObject } from '../workload-selection';

/** How a policy identifies one caller: a list of an AuthorizationPolicy's source, and its entry at synth. */
export interface CallerIdentity {
  readonly list: 'principals' | 'namespaces';
  readonly value: () => string;
  /** The workload that must have a certificate, if the caller is one. */
  readonly workload?: ApiObject;
}

/** The policy that needs a caller's identity. */
export interface CallerUse {
  readonly trustDomain: string;
  readonly refuse: Refuse;
  /** The caller's position in the list. */
  readonly field: string;
}

type Identify = (use: CallerUse) => CallerIdentity;

/**
 * Identifies a caller by the certificate that its proxy presents, never by an address or a header, which anybody can set.
 *
 * @see https://istio.io/latest/docs/concepts/security/#principals
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { AllowedCallers, Caller } from 'cdk8s-istio-mtls';
 *
 * const shop = new Chart(new App(), 'shop', { namespace: 'shop' });
 * const account = new kplus.ServiceAccount(shop, 'web-account');
 * const web = new kplus.Deployment(shop, 'web', { serviceAccount: account, containers: [{ image: 'web:1' }] });
 * const ratings = new kplus.Deployment(shop, 'ratings', { containers: [{ image: 'ratings:1', portNumber: 9080 }] });
 *
 * new AllowedCallers(shop, 'ratings-callers', {
 *   workload: ratings,
 *   callers: [Caller.workload(web), Caller.serviceAccount('istio-ingress', 'istio-ingress'), Caller.namespace('reports')],
 * });
 */
export class Caller {
  /**
   * A workload, identified by the service account of its pod template, read at synth: `default` if it names none. Includes
   * all workloads in the namespace that run as this service account, because their certificates have the same identity.
   *
   * @param workload a Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Argo Rollout or Pod,
   * of cdk8s-plus (any version), or an ApiObject in `Pods.of`; its chart must have a namespace
   */
  public static workload(workload: IWorkload): Caller {
    return new Caller((use) => ofWorkload(workload, use));
  }

  /**
   * All workloads that run as one service account.
   *
   * @param namespace the service account's namespace
   * @param name its name, without wildcards
   */
  public static serviceAccount(namespace: string, name: string): Caller {
    return new Caller((use) => {
      checkedNamespace(namespace, use.refuse, use.field);
      if (typeof name !== 'string' || !isDnsSubdomain(name)) throw noServiceAccount(name, use);
      return { list: 'principals', value: () => principal(use, namespace, name) };
    });
  }

  /**
   * All workloads that run as one service account of the app.
   *
   * @param account a ServiceAccount, as a construct of cdk8s-plus (any version) or an ApiObject; its chart must have a namespace
   */
  public static ofServiceAccount(account: IConstruct): Caller {
    return new Caller((use) => {
      const object = coreObject(account, {
        kind: 'ServiceAccount',
        code: 'API803',
        field: use.field,
        fix: 'pass the ServiceAccount, or use Caller.serviceAccount with its names',
      }, use.refuse);
      const namespace = namespaceOfCaller(object, use);
      return { list: 'principals', value: () => principal(use, namespace, object.name) };
    });
  }

  /** All workloads in a namespace that have a certificate of the mesh. */
  public static namespace(namespace: string): Caller {
    return new Caller(({ refuse, field }) => {
      checkedNamespace(namespace, refuse, field);
      return { list: 'namespaces', value: () => namespace };
    });
  }

  /** Any caller with a certificate that the mesh trusts; excludes plaintext callers. */
  public static anyIdentity(): Caller {
    return new Caller(() => ({ list: 'principals', value: () => '*' }));
  }

  private constructor(private readonly identify: Identify) {}

  /** @internal */
  public _identity(use: CallerUse): CallerIdentity {
    return this.identify(use);
  }
}

/** An identity as in an AuthorizationPolicy: without `spiffe://`. */
function principal({ trustDomain }: CallerUse, namespace: string, serviceAccount: string): string {
  return `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

const NEEDS_ACCOUNT = {
  lacks: 'names no service account',
  because: 'a caller is known by the service account of its pod template',
  fix: 'pass the workload\'s construct, or Caller.serviceAccount',
};

function ofWorkload(workload: IWorkload, use: CallerUse): CallerIdentity {
  const object = workloadObject(workload, use.field, use.refuse, NEEDS_ACCOUNT);
  const namespace = namespaceOfCaller(object, use);
  return { list: 'principals', value: () => principal(use, namespace, serviceAccountOf(object, use)), workload: object };
}

function namespaceOfCaller({ kind, name, metadata: { namespace } }: ApiObject, { refuse, field }: CallerUse): string {
  if (namespace) return namespace;
  const isWorkload = kind !== 'ServiceAccount';
  throw refuse({
    code: 'API004',
    field,
    actual: `${kind} ${name}, which has no namespace`,
    expected: `a ${isWorkload ? 'workload' : kind} with a namespace`,
    because: "the namespace is part of the caller's identity",
    fix: `set the namespace of the ${isWorkload ? 'workload' : kind}'s chart`,
  });
}

function serviceAccountOf(object: ApiObject, { refuse, field }: CallerUse): string {
  const template = podTemplateOf(object);
  if (!template) {
    throw refuse({
      code: 'API803',
      field,
      actual: `${object.kind} ${object.name}, whose pod template is in another object`,
      expected: 'a workload with a pod template',
      because: 'the template names the service account',
      fix: 'pass the workload that it refers to, or Caller.serviceAccount',
    });
  }
  const { serviceAccountName, serviceAccount } = mapping(template.spec);
  return text(serviceAccountName) ?? text(serviceAccount) ?? 'default';
}

function noServiceAccount(name: unknown, { refuse, field }: CallerUse): Error {
  return refuse({
    code: 'API803',
    field,
    actual: typeof name === 'string' ? `'${name}'` : withArticle(typeof name),
    expected: 'a valid service account name in lowercase letters',
    because: 'no other service account can exist, and Istio reads a wildcard inside a principal literally',
    fix: name === '*' ? 'use Caller.namespace' : 'correct the name, or use Caller.namespace',
  });
}
