import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { chartFields, completed, fieldsOf, helmValues, istioOperator, yamlText } from './mesh-config-fields';
import { MeshConfigProps } from './mesh-config-props';
import { refusalMessage, withArticle } from '../../findings/refusal';
import { DEFAULT_MESH, MeshFacts, MeshReader } from '../../integration/mesh-facts';
import { MESH_FOR_EACH } from '../../integration/mesh-refusals';
import { meshConfigMap } from '../../mesh/config/control-plane-facts';
import { late } from '../../modules/late';
import { AppCheck } from '../app-check';
import { ApiFields, definedFields, mergedFields } from '../fields';
import { checkMadeBy, Refuse, refusing } from '../refuse';

/**
 * Istio's mesh config (`meshConfig`): sets the mesh-wide settings, as a ConfigMap, Helm values or an IstioOperator.
 *
 * Emits one ConfigMap in istiod's namespace, `istio` or `istio-<revision>`, whose `mesh` key also has the fields that Istio's
 * chart writes. By default, the installer of istiod owns that ConfigMap: docs/mesh-config.md says which form to use.
 *
 * @throws if Istio doesn't know a field (the error suggests the likely name), if istiod would reject a value, if a field is set by a
 * property and by `otherFields`, or if IstioMesh sets the field; at synth, if the app has a second one for the same istiod
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
  /** The ConfigMap, for adjustments; undefined with `emitConfigMap: false`. */
  public readonly apiObject?: ApiObject;

  /** istiod's namespace. */
  public readonly namespace: string;

  /** The name of the ConfigMap that istiod reads. */
  public readonly configMapName: string;

  /**
   * The same settings as values for Istio's Helm chart `istiod`: `meshConfig`, and `revision`, `global.istioNamespace` and
   * `global.proxy.clusterDomain` if they aren't the defaults. Excludes fields that the chart writes.
   */
  public readonly helmValues: string;

  /** The same settings as an IstioOperator for `istioctl install -f`. Excludes fields that istioctl writes. */
  public readonly istioOperator: string;

  public constructor(scope: Construct, id: string, props: MeshConfigProps = {}) {
    super(scope, id);
    const mesh = MeshFacts.of(this);
    const reader = { kind: 'MeshConfig', path: this.node.path, mesh: props.mesh };
    this.namespace = mesh.read('namespace', reader);
    const revision = mesh.read('revision', reader);
    const clusterDomain = mesh.read('clusterDomain', reader);
    this.configMapName = revision === undefined ? 'istio' : `istio-${revision}`;
    const name = `${this.namespace}/${this.configMapName}`;
    const refuse = refusing('MeshConfig', this.node.path, name);
    const fields = checkedFields(props, factFields(mesh, reader, this.namespace), refuse);
    const istiod = {
      namespace: this.namespace, revision, clusterDomain: clusterDomain === DEFAULT_MESH.clusterDomain ? undefined : clusterDomain,
    };
    this.helmValues = helmValues(fields, istiod);
    this.istioOperator = istioOperator(fields, istiod);
    const emits = props.emitConfigMap ?? true;
    meshConfigs.add(this, { construct: this, name });
    if (!emits) {
      mesh.addMeshConfig({ manifest: meshConfigMap(fields, istiod), saidBy: `MeshConfig '${this.node.path}'` }, this.node.path);
    } else {
      this.apiObject = new ApiObject(this, 'Resource', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: this.namespace, name: this.configMapName },
        data: { mesh: yamlText(completed(fields, chartFields(this.namespace, revision))) },
      });
    }
  }
}

/** The facts of the mesh that are fields of its mesh config, unless they are istiod's defaults. */
function factFields(mesh: MeshFacts, reader: MeshReader, namespace: string): ApiFields {
  const [rootNamespace, trustDomain] = [mesh.read('rootNamespace', reader), mesh.read('trustDomain', reader)];
  return {
    rootNamespace: rootNamespace === namespace ? undefined : rootNamespace,
    trustDomain: trustDomain === DEFAULT_MESH.trustDomain ? undefined : trustDomain,
  };
}

/** Rejects facts of the mesh that other constructs don't see here. */
function checkNoFacts(fields: ApiFields, refuse: Refuse): void {
  const field = ['rootNamespace', 'trustDomain'].find((fact) => fields[fact] !== undefined);
  if (field === undefined) return;
  throw refuse({
    code: 'API042',
    field,
    actual: 'set by a MeshConfig',
    expected: 'an IstioMesh that sets it',
    because: 'other constructs use it too',
    fix: `create new IstioMesh(chart, 'mesh', { ${field}: … }) before all other constructs`,
  });
}

/** The checked properties, merged with the facts of the mesh and the other fields. */
function checkedFields(props: MeshConfigProps, facts: ApiFields, refuse: Refuse): ApiFields {
  const otherFields = definedFields(props.otherFields ?? {});
  checkFields(otherFields, refuse);
  props.caCertificates?.forEach((value, index) => {
    const field = `caCertificates[${index}]`;
    checkMadeBy('MeshCaCertificate', { field, value, member: '_render' }, refuse);
    value._check(field, refuse);
  });
  const others = admission().withYamlNames(otherFields) as ApiFields;
  checkNoFacts({ ...props, ...others }, refuse);
  const fields = mergedFields(fieldsOf(props, facts), others, (field) => {
    throw refuse({
      code: 'API042',
      field,
      actual: "set by a property and by 'otherFields'",
      expected: 'only one of them',
      because: 'only one value can be written',
      fix: "remove it from 'otherFields'",
    });
  });
  const { proxyMetadata } = (fields.defaultConfig ?? {}) as { proxyMetadata?: Record<string, unknown> };
  checkProxyMetadata(proxyMetadata, refuse);
  checkFields(fields, refuse);
  return fields;
}

/** Throws for the first error in a mesh config; fields that istiod rejects come before those that it ignores. */
function checkFields(fields: ApiFields, refuse: Refuse): void {
  const problems = admission().checkMeshConfig(fields);
  const problem = problems.find(({ consequence }) => consequence === 'rejected') ?? problems[0];
  if (!problem) return;
  const { path, actual, expected, because, fix, consequence } = problem;
  throw refuse({ code: consequence === 'rejected' ? 'API041' : 'API040', field: path, actual, expected, because, fix });
}

/** The injector writes these values between double quotes into the pod, without escaping them. */
const BREAKS_INJECTION = /["\\\n]/;

function checkProxyMetadata(proxyMetadata: Record<string, unknown> = {}, refuse: Refuse): void {
  for (const [key, value] of Object.entries(proxyMetadata)) {
    if (typeof value === 'string' && !BREAKS_INJECTION.test(value)) continue;
    throw refuse(typeof value === 'string' ? {
      code: 'API044',
      field: `defaultConfig.proxyMetadata.${key}`,
      actual: 'a string with a double quote, a backslash or a line break',
      expected: 'a string without them',
      because: "the injector writes it to the pod's YAML without escaping, so injection would fail for every sidecar",
      fix: 'remove these characters',
    } : {
      code: 'API041',
      field: `defaultConfig.proxyMetadata.${key}`,
      actual: `${value} (${withArticle(typeof value)})`,
      expected: 'a string',
      because: 'istiod rejects the whole mesh config, and reports it only in its log',
      fix: `put it in quotes: "${value}"`,
    });
  }
}

/** The parts of a MeshConfig by which another can conflict with it. */
interface KnownMeshConfig {
  readonly construct: IConstruct;
  /** `namespace/name` of the ConfigMap. */
  readonly name: string;
}

/** The mesh configs of a mesh: two for one istiod would overwrite each other. */
const meshConfigs = new AppCheck<KnownMeshConfig>((members) => members.flatMap(({ construct, name }, index) => {
  const first = members.findIndex((other) => other.name === name);
  return first === index ? [] : [refusalMessage({
    code: 'API043',
    kind: 'MeshConfig',
    name,
    path: construct.node.path,
    field: 'metadata',
    actual: `a second one, after ${members[first].construct.node.path}`,
    expected: 'one mesh config for each istiod',
    because: 'both are the same ConfigMap: the one applied last would replace the other',
    fix: `merge the two, or ${MESH_FOR_EACH}`,
  })];
}));

/** Loaded with the first MeshConfig, so that importing the library stays fast. */
function admission() {
  const { checkMeshConfig } = late<typeof import('../../manifests/mesh-config/check')>(() => require('../../manifests/mesh-config/check'));
  const { withYamlNames } = late<typeof import('../../manifests/mesh-config/fields')>(() => require('../../manifests/mesh-config/fields'));
  return { checkMeshConfig, withYamlNames };
}
