import { goDuration, IssuerRef } from './ca-emitter';
import { IstioCsrProps, IstiodCertificateSource } from './istio-csr-props';
import { DEFAULT_MESH } from '../../integration/mesh-facts';
import { ApiFields, definedFields } from '../fields';
import { yamlText } from '../installation/mesh-config-fields';

/** The settings behind the values of all charts. */
export interface IstioCsrSettings extends Pick<IstioCsrProps, 'clusterId' | 'maxCertificateDuration' | 'rootSecret' | 'replicas'
  | 'ambient'> {
  readonly issuer: IssuerRef;
  readonly namespace: string;
  readonly istioCsrNamespace: string;
  readonly revisions: readonly string[];
  readonly trustDomain: string;
  readonly istiodCertificate: IstiodCertificateSource;
}

/** The host of the chart's Service, which proxies call and which is in its certificate. */
function serviceHost({ istioCsrNamespace }: IstioCsrSettings): string {
  return `cert-manager-istio-csr.${istioCsrNamespace}.svc`;
}

/** The address from which proxies request certificates. */
export function caAddressOf(settings: IstioCsrSettings): string {
  return `${serviceHost(settings)}:443`;
}

const ROOT_FOLDER = '/var/run/secrets/istio-csr';

/** Values for the chart `cert-manager-istio-csr`. */
export function istioCsrValues(settings: IstioCsrSettings): string {
  const { issuer, namespace, revisions, trustDomain, clusterId, maxCertificateDuration, istiodCertificate, rootSecret, replicas, ambient } =
    settings;
  return withOrder(yamlText(definedFields({
    replicaCount: replicas,
    app: {
      certmanager: { namespace, issuer },
      controller: { leaderElectionNamespace: namespace },
      istio: { namespace, revisions },
      server: {
        clusterID: clusterId,
        maxCertificateDuration: maxCertificateDuration && goDuration(maxCertificateDuration),
        caTrustedNodeAccounts: ambient ? `${namespace}/ztunnel` : undefined,
      },
      tls: {
        trustDomain,
        certificateDNSNames: [serviceHost(settings)],
        istiodCertificateEnable: istiodCertificate === IstiodCertificateSource.DYNAMIC ? 'dynamic' : false,
        rootCAFile: rootSecret && `${ROOT_FOLDER}/ca.pem`,
      },
    },
    volumes: rootSecret && [{ name: 'root-ca', secret: { secretName: rootSecret } }],
    volumeMounts: rootSecret && [{ name: 'root-ca', mountPath: ROOT_FOLDER, readOnly: true }],
  })), 3);
}

/** Values for Istio's chart `istiod`. */
export function istiodValues(settings: IstioCsrSettings): string {
  return withOrder(yamlText({ ...chartValues(settings), ...meshConfig(settings) }), 4);
}

/** The same settings as an overlay for `istioctl install -f`. */
export function istioCsrOperator(settings: IstioCsrSettings): string {
  const ztunnel = settings.ambient ? { ztunnel: { caAddress: caAddressOf(settings) } } : {};
  return withOrder(yamlText({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    spec: { ...meshConfig(settings), values: { ...chartValues(settings), ...ztunnel } },
  }), 4);
}

/** Values for Istio's chart `ztunnel`, which doesn't read istiod's. With several revisions, it uses the first. */
export function ztunnelValues(settings: IstioCsrSettings): string {
  const { clusterId, revisions: [revision] } = settings;
  return withOrder(yamlText(definedFields({
    caAddress: caAddressOf(settings),
    istioNamespace: otherNamespace(settings),
    revision: revision === 'default' ? undefined : revision,
    multiCluster: clusterId === undefined ? undefined : { clusterName: clusterId },
  })), 4);
}

/** The namespace, if it isn't the default of Istio's charts. */
function otherNamespace({ namespace }: IstioCsrSettings): string | undefined {
  return namespace === DEFAULT_MESH.namespace ? undefined : namespace;
}

/** Proxies request certificates from istio-csr, and istiod no longer signs. */
function chartValues(settings: IstioCsrSettings): ApiFields {
  const { clusterId } = settings;
  return definedFields({
    global: {
      caAddress: caAddressOf(settings),
      istioNamespace: otherNamespace(settings),
      multiCluster: clusterId === undefined ? undefined : { clusterName: clusterId },
    },
    pilot: { env: { ENABLE_CA_SERVER: 'false' } },
  });
}

/** The trust domain, if it isn't the default of Istio and istio-csr. */
function meshConfig({ trustDomain }: IstioCsrSettings): ApiFields {
  return trustDomain === DEFAULT_MESH.trustDomain ? {} : { meshConfig: { trustDomain } };
}

const ORDER = [
  'cert-manager',
  'the manifests of the app with the IstioCsr; wait until its issuer is ready',
  'istio-csr, chart cert-manager-istio-csr; wait until it is ready',
  'Istio, which without Secret istiod-tls and ConfigMap istio-ca-root-cert would start without a certificate',
  'workloads: pods that run already keep their old CA until they are restarted',
];

/** YAML below the order of installation, which marks the step that it is for. */
function withOrder(yaml: string, step: number): string {
  const lines = ORDER.map((what, index) => `# ${index + 1}. ${what}${index + 1 === step ? ' (these values)' : ''}`);
  return `${['# Install in this order:', ...lines].join('\n')}\n${yaml}`;
}
