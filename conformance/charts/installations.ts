// What the constructs emit for a mesh whose workloads get certificates from istio-csr: what Istio's charts are told, and the
// manifests that must go with what the charts make of it.
import { ApiObject, App, Chart } from 'cdk8s';
import { load } from 'js-yaml';
import type { IstioCsrProps, IstioMeshProps, MeshConfigProps } from '../../src/index';
import { libraryModule } from '../library';
import type { Manifest } from '../manifest';

/** One istiod, with what the constructs say of it. */
export interface Installation {
  readonly about: string;
  readonly namespace: string;
  /** Undefined for the istiod without one. */
  readonly revision?: string;
  readonly isOneOfSeveral: boolean;
  readonly clusterId: string;
  readonly trustDomain: string;
  readonly caAddress: string;
  /** Values for the chart `istiod`, of MeshConfig and of IstioCsr. */
  readonly helmValues: readonly string[];
  /** The same for `istioctl install`. */
  readonly operators: readonly string[];
  /** Values for the chart `ztunnel`; undefined without ambient mode. */
  readonly ztunnelHelmValues?: string;
  /** istiod's serving certificate. */
  readonly certificate: Manifest;
  /** The text of the ConfigMap of MeshConfig. */
  readonly meshConfig: string;
}

interface Case {
  readonly about: string;
  /** One a revision; without any there is no IstioMesh. */
  readonly meshes: readonly IstioMeshProps[];
  readonly csr?: Partial<IstioCsrProps>;
  readonly config?: MeshConfigProps;
}

const CASES: readonly Case[] = [
  { about: 'the defaults', meshes: [] },
  {
    about: 'all that can be said',
    meshes: [{ namespace: 'istio-mesh', revision: '1-31', rootNamespace: 'istio-policies', trustDomain: 'corp.example', clusterDomain: 'cluster.example' }],
    csr: { istioCsrNamespace: 'pki', clusterId: 'west', ambient: true },
    config: {
      accessLogFile: '/dev/stdout',
      enableAutoMtls: false,
      defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } },
      otherFields: { pathNormalization: { normalization: 'MERGE_SLASHES' } },
    },
  },
  { about: 'several revisions', meshes: [{}, { revision: '1-31' }, { revision: 'canary' }].map((mesh) => ({ ...mesh, trustDomain: 'corp.example' })) },
];

export function installations(): Installation[] {
  return CASES.flatMap(installed);
}

function installed({ about, meshes, csr, config }: Case): Installation[] {
  const { IstioCsr, IstioCsrIssuer, IstioMesh, MeshConfig } = libraryModule('index');
  const chart = new Chart(new App(), 'platform');
  const made = meshes.map((props) => new IstioMesh(chart, `mesh-${props.revision ?? 'default'}`, props));
  const configs = made.length === 0 ? [new MeshConfig(chart, 'config', config)] : made.map((mesh) => mesh.config(config));
  const revisions = meshes.map(({ revision = 'default' }) => revision);
  const certificates = new IstioCsr(chart, 'istio-csr', { issuer: IstioCsrIssuer.clusterIssuer('company'), ...made.length > 1 && { mesh: made[0], revisions }, ...csr });
  const { namespace, trustDomain, caAddress, istiodHelmValues, istioOperator, ztunnelHelmValues } = certificates;
  return configs.map(({ apiObject, helmValues, istioOperator: operator }, index) => ({
    about: meshes.length > 1 ? `${about}: ${revisions[index]}` : about,
    namespace,
    trustDomain,
    caAddress,
    ztunnelHelmValues,
    revision: meshes[index]?.revision,
    isOneOfSeveral: meshes.length > 1,
    clusterId: csr?.clusterId ?? 'Kubernetes',
    helmValues: [helmValues, istiodHelmValues],
    operators: [operator, istioOperator],
    certificate: manifestOf(certificates.istiodCertificate),
    meshConfig: manifestOf(apiObject).data.mesh,
  }));
}

function manifestOf(object: ApiObject | undefined): any {
  if (object === undefined) throw new Error('a construct emits nothing; expected its object');
  return object.toJson();
}

/** The same installation with values changed, in all forms. */
export function withValues(installation: Installation, change: (values: any) => void): Installation {
  const changed = (text: string, valuesIn: (parsed: any) => any): string => {
    const parsed = load(text) as any;
    change(valuesIn(parsed));
    return JSON.stringify(parsed);
  };
  return {
    ...installation,
    helmValues: installation.helmValues.map((text) => changed(text, (values) => values)),
    // What an IstioOperator says of the mesh config stands beside its values.
    operators: installation.operators.map((text) => changed(text, ({ spec }) => ({ ...spec.values, meshConfig: spec.meshConfig }))),
    ztunnelHelmValues: installation.ztunnelHelmValues && changed(installation.ztunnelHelmValues, (ztunnel) => ({ ztunnel })),
  };
}
