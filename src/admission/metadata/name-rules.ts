import { isDnsLabel, isDnsSubdomain } from './kubernetes-names';
import { groupOf } from '../../manifests/kinds';
import { Mapping, mapping } from '../../manifests/mapping';

/** Which names an API server accepts for an object. */
export interface NameRule {
  readonly form: 'label' | 'subdomain';
  /** The most characters of a name; of a prefix in generateName, as many as the form has. */
  readonly longest: number;
  /** The form of generateName itself, if it isn't that of a name. A path segment has neither a slash nor a percent sign. */
  readonly prefix?: 'subdomain' | 'segment';
}

/** The name of a custom resource, and of most kinds of Kubernetes. */
export const SUBDOMAIN: NameRule = { form: 'subdomain', longest: 253 };

/** The name of a namespace. */
export const LABEL: NameRule = { form: 'label', longest: 63 };

/** An API server leaves room for the 11 characters that a CronJob appends to its Jobs' names. */
const CRON_JOB: NameRule = { form: 'subdomain', longest: 52 };

const JOB: NameRule = { form: 'subdomain', longest: 63 };

const RULES: { readonly [group: string]: { readonly [kind: string]: NameRule } } = {
  '': {
    ...subdomains('ConfigMap', 'Endpoints', 'Pod', 'PodTemplate', 'Secret', 'ServiceAccount'),
    ReplicationController: { ...SUBDOMAIN, prefix: 'segment' },
    Namespace: LABEL,
    Service: LABEL,
  },
  'apps': { ...subdomains('DaemonSet', 'Deployment', 'ReplicaSet'), StatefulSet: LABEL },
  'batch': { Job: JOB, CronJob: CRON_JOB },
  'discovery.k8s.io': subdomains('EndpointSlice'),
  'networking.k8s.io': subdomains('Ingress', 'IngressClass', 'NetworkPolicy'),
  'admissionregistration.k8s.io': subdomains('MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'),
  'apiextensions.k8s.io': subdomains('CustomResourceDefinition'),
  'apiregistration.k8s.io': subdomains('APIService'),
  'gateway.networking.k8s.io': subdomains('BackendTLSPolicy', 'Gateway', 'GatewayClass', 'GRPCRoute', 'HTTPRoute', 'ListenerSet',
    'ReferenceGrant', 'TCPRoute', 'TLSRoute', 'UDPRoute'),
  'gateway.networking.x-k8s.io': subdomains('XBackend', 'XBackendTrafficPolicy', 'XListenerSet', 'XMesh'),
  'argoproj.io': subdomains('Rollout'),
  'apps.kruise.io': subdomains('DaemonSet', 'StatefulSet'),
  'monitoring.coreos.com': subdomains('PodMonitor', 'PrometheusRule', 'ServiceMonitor'),
  'cert-manager.io': subdomains('Certificate', 'ClusterIssuer', 'Issuer'),
  'external-secrets.io': subdomains('ExternalSecret'),
  'bitnami.com': subdomains('SealedSecret'),
  'trust.cert-manager.io': subdomains('Bundle'),
};

function subdomains(...kinds: readonly string[]): { readonly [kind: string]: NameRule } {
  return Object.fromEntries(kinds.map((kind) => [kind, SUBDOMAIN]));
}

/**
 * The rule of an object that isn't Istio's; undefined for kinds that say nothing about a mesh, some of which have other
 * rules: a Role's name may have colons.
 */
export function nameRuleOf({ apiVersion, kind, spec }: Mapping): NameRule | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const group = groupOf(apiVersion);
  const rules = Object.hasOwn(RULES, group) ? RULES[group] : undefined;
  if (rules === undefined || !Object.hasOwn(rules, kind)) return undefined;
  return kind === 'Job' ? jobRule(mapping(spec)) : rules[kind];
}

/**
 * An API server writes the name of a Job into its pods' labels, unless their selector is the user's. The pods of an indexed
 * Job are called by its name and their index, which together must be a hostname.
 */
function jobRule({ completionMode, completions, manualSelector }: Mapping): NameRule {
  if (completionMode === 'Indexed' && typeof completions === 'number' && completions > 0) {
    return { form: 'label', longest: LABEL.longest - `-${completions - 1}`.length, prefix: 'subdomain' };
  }
  return manualSelector === true ? SUBDOMAIN : JOB;
}

export function isName(name: string, { form, longest }: NameRule): boolean {
  return name.length <= longest && hasForm(name, form);
}

function hasForm(name: string, form: NameRule['form']): boolean {
  return form === 'label' ? isDnsLabel(name) : isDnsSubdomain(name);
}

/**
 * The API server treats a prefix as a name that may end in a dash; without a name, it adds five letters to the first 58
 * characters and validates the result, too.
 */
export function isPrefix(prefix: string, isUsed: boolean, rule: NameRule): boolean {
  const masked = prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
  const isForm = rule.prefix === 'segment' ? !/[/%]/.test(prefix) : hasForm(masked, rule.prefix ?? rule.form);
  return isForm && (!isUsed || isName(`${prefix.slice(0, 58)}xxxxx`, rule));
}
