import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { chartFields, completed, definedFields, fieldsOf, helmValues, istioOperator, merged, MeshConfigFields, text } from './mesh-config-fields';
import { MeshConfigProps } from './mesh-config-props';
import { checkMeshConfig } from '../../admission/mesh-config/check';
import { withYamlNames } from '../../admission/mesh-config/fields';
import { isDnsDomain } from '../../admission/metadata/kubernetes-names';
import { refusalMessage } from '../../findings/refusal';
import { DeclaredFacts } from '../../integration/declared-facts';
import { meshConfigMap } from '../../mesh/config/control-plane-facts';
import { AppCheck } from '../app-check';
import { DEFAULT_ROOT_NAMESPACE, checkedNamespace } from '../namespace';
import { Refuse, refusing } from '../refuse';

/** A revision's name, which becomes part of the names of a ConfigMap and a Service. */
export const REVISION = /^[a-z0-9]([-a-z0-9]{0,56}[a-z0-9])?$/;

/**
 * The mesh-wide settings of Istio, in the three forms that there are: a ConfigMap, Helm values, an IstioOperator.
 *
 * Emits one ConfigMap in istiod's namespace, `istio` or `istio-<revision>`, whose `mesh` text also holds what
 * Istio's own chart would write. The installer of istiod owns that ConfigMap, unless it was told not to: see
 * docs/mesh-config.md for which of the forms to use.
 *
 * @throws if a field is unknown to Istio (with the name that was probably meant), has a value that istiod would
 * reject, or is given by a property and by `otherFields`; if the revision is no name; at synth, if the app has
 * a second one for the same istiod
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { MeshConfig, TlsProtocol } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'platform');
 * new MeshConfig(chart, 'mesh-config', {
 *   accessLogFile: '/dev/stdout',
 *   meshMtls: { minProtocolVersion: TlsProtocol.TLSV1_3 },
 *   defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } },
 *   otherFields: { pathNormalization: { normalization: 'MERGE_SLASHES' } },
 * });
 */
export class MeshConfig extends Construct {
  /** The ConfigMap, to adjust what this construct doesn't say; undefined with `emitConfigMap: false`. */
  public readonly apiObject?: ApiObject;

  /** istiod's own namespace. */
  public readonly namespace: string;

  /** The name of the ConfigMap that istiod reads. */
  public readonly configMapName: string;

  /**
   * The same as values for Istio's Helm chart `istiod`: `meshConfig`, and `revision` and
   * `global.istioNamespace` where they were given. What the chart writes by itself is not in it.
   */
  public readonly helmValues: string;

  /** The same as an IstioOperator for `istioctl install -f`. What istioctl writes by itself is not in it. */
  public readonly istioOperator: string;

  public constructor(scope: Construct, id: string, props: MeshConfigProps = {}) {
    super(scope, id);
    this.namespace = checkedNamespace(props.namespace ?? DEFAULT_ROOT_NAMESPACE, refusing('MeshConfig', this.node.path));
    const revision = props.revision === 'default' ? undefined : props.revision;
    this.configMapName = revision === undefined ? 'istio' : `istio-${revision}`;
    const name = `${this.namespace}/${this.configMapName}`;
    const refuse = refusing('MeshConfig', this.node.path, name);
    checkRevision(revision, refuse);
    checkClusterDomain(props.clusterDomain, refuse);

    const fields = checkedFields(props, refuse);
    const istiod = { namespace: this.namespace, revision, clusterDomain: props.clusterDomain };
    this.helmValues = helmValues(fields, istiod);
    this.istioOperator = istioOperator(fields, istiod);
    const emits = props.emitConfigMap ?? true;
    meshConfigs.add(this, {
      construct: this, name, namespace: this.namespace, rootNamespace: String(fields.rootNamespace ?? this.namespace), trustDomain: String(fields.trustDomain ?? 'cluster.local'),
    });
    DeclaredFacts.of(this).declare(this, {
      istiodNamespace: props.namespace,
      clusterDomain: props.clusterDomain,
      meshConfigs: emits ? [] : [{ manifest: meshConfigMap(fields, istiod), saidBy: `MeshConfig '${this.node.path}'` }],
    });
    if (emits) {
      this.apiObject = new ApiObject(this, 'Resource', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: this.namespace, name: this.configMapName },
        data: { mesh: text(completed(fields, chartFields(this.namespace, revision))) },
      });
    }
  }
}

function checkRevision(revision: string | undefined, refuse: Refuse): void {
  if (revision === undefined || REVISION.test(revision)) return;
  throw refuse({
    code: 'MTLS046',
    field: 'revision',
    actual: `'${revision}'`,
    expected: "lower-case letters, digits and dashes, such as '1-31'",
    because: 'it becomes part of the name of a ConfigMap and a Service',
    fix: 'leave it out for the istiod without a revision, or write the name that it was installed with',
  });
}

function checkClusterDomain(clusterDomain: unknown, refuse: Refuse): void {
  if (clusterDomain === undefined || (typeof clusterDomain === 'string' && isDnsDomain(clusterDomain))) return;
  throw refuse({
    code: 'MTLS047',
    field: 'clusterDomain',
    actual: typeof clusterDomain === 'string' ? `'${clusterDomain}'` : `a ${typeof clusterDomain}`,
    expected: "DNS labels with dots between them, such as 'cluster.local'",
    because: 'the host of every Service ends with it',
    fix: 'write the domain as the kubelets have it',
  });
}

/** The properties and the other fields in one, checked. */
function checkedFields(props: MeshConfigProps, refuse: Refuse): MeshConfigFields {
  const otherFields = definedFields(props.otherFields ?? {});
  checkFields(otherFields, refuse);
  const fields = merged(fieldsOf(props), withYamlNames(otherFields) as MeshConfigFields, (field) => {
    throw refuse({
      code: 'MTLS042',
      field,
      actual: "given by a property and by 'otherFields'",
      expected: 'one of them',
      because: 'only one could be written',
      fix: "remove it from 'otherFields'",
    });
  });
  const { proxyMetadata } = (fields.defaultConfig ?? {}) as { proxyMetadata?: Record<string, unknown> };
  checkProxyMetadata(proxyMetadata, refuse);
  checkCaCertificates(props.caCertificates, refuse);
  checkFields(fields, refuse);
  return fields;
}

/** Throws the first thing that is wrong with a mesh config, what istiod would reject before what it would ignore. */
function checkFields(fields: MeshConfigFields, refuse: Refuse): void {
  const problems = checkMeshConfig(fields);
  const problem = problems.find(({ consequence }) => consequence === 'rejected') ?? problems[0];
  if (!problem) return;
  const { path, actual, expected, because, fix, consequence } = problem;
  throw refuse({ code: consequence === 'rejected' ? 'MTLS041' : 'MTLS040', field: path, actual, expected, because, fix });
}

/** The injector writes these values between double quotes into the pod, without escaping them. */
const BREAKS_INJECTION = /["\\\n]/;

function checkProxyMetadata(proxyMetadata: Record<string, unknown> = {}, refuse: Refuse): void {
  for (const [key, value] of Object.entries(proxyMetadata)) {
    if (typeof value === 'string' && !BREAKS_INJECTION.test(value)) continue;
    throw refuse(typeof value === 'string' ? {
      code: 'MTLS044',
      field: `defaultConfig.proxyMetadata.${key}`,
      actual: 'a string with a double quote, a backslash or a line break',
      expected: 'a string without them',
      because: "the injector writes it into the pod's YAML as it is, so that no sidecar could be injected any more",
      fix: 'leave these characters out',
    } : {
      code: 'MTLS041',
      field: `defaultConfig.proxyMetadata.${key}`,
      actual: `${value} (a ${typeof value})`,
      expected: 'a string',
      because: 'istiod would reject the whole mesh config, and tell only its log',
      fix: `put it in quotes: "${value}"`,
    });
  }
}

/** One root a certificate entry. */
function checkCaCertificates(entries: readonly { pem?: string; spiffeBundleUrl?: string }[] = [], refuse: Refuse): void {
  for (const [index, { pem, spiffeBundleUrl }] of entries.entries()) {
    if (Boolean(pem) !== Boolean(spiffeBundleUrl)) continue;
    throw refuse({
      code: 'MTLS045',
      field: `caCertificates[${index}]`,
      actual: pem ? "given both 'pem' and 'spiffeBundleUrl'" : "given neither 'pem' nor 'spiffeBundleUrl'",
      expected: 'exactly one of the two',
      because: 'Istio keeps one root an entry',
      fix: pem ? 'make two entries of it' : "pass 'pem'",
    });
  }
}

/** A MeshConfig as far as another can collide with it. */
export interface KnownMeshConfig {
  readonly construct: IConstruct;
  /** `namespace/name` of the ConfigMap. */
  readonly name: string;
  /** istiod's. */
  readonly namespace: string;
  /** Where policies for the whole mesh lie. */
  readonly rootNamespace: string;
  /** The first part of every identity. */
  readonly trustDomain: string;
}

/** The mesh configs of an app: two for one istiod would overwrite each other. */
export const meshConfigs = new AppCheck<KnownMeshConfig>((members) => members.flatMap(({ construct, name }, index) => {
  const first = members.findIndex((other) => other.name === name);
  return first === index ? [] : [refusalMessage({
    code: 'MTLS043',
    kind: 'MeshConfig',
    name,
    path: construct.node.path,
    field: 'metadata',
    actual: `a second one beside ${members[first].construct.node.path}`,
    expected: 'one mesh config for an istiod in an app',
    because: 'both are the same ConfigMap, so that the one applied last would replace the other',
    fix: 'merge the two',
  })];
}));
