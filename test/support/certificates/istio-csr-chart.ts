/** The type of a value of a chart, by Helm's words for its schema; a list has that of its items. */
type ValueType = 'string' | 'number' | 'boolean' | 'object' | 'string or boolean' | readonly ValueType[] | { readonly [name: string]: ValueType };

const ISSUER: ValueType = { group: 'string', kind: 'string', name: 'string', enabled: 'boolean' };

/**
 * The values that istio-csr's chart `cert-manager-istio-csr` has a place for, as of commit 1f23e804fabe8c86b7b6bcc72421470d72ebad61 of
 * github.com/cert-manager/istio-csr (deploy/charts/istio-csr). Its schema refuses all others, so that `helm install` would.
 */
const ISTIO_CSR_VALUES: ValueType = {
  nameOverride: 'string',
  replicaCount: 'number',
  imageRegistry: 'string',
  imageNamespace: 'string',
  image: { registry: 'string', repository: 'string', name: 'string', tag: 'string', digest: 'string', pullPolicy: 'string' },
  imagePullSecrets: ['object'],
  service: { type: 'string', port: 'number', nodePort: 'number' },
  app: {
    logLevel: 'number',
    logFormat: 'string',
    runtimeConfiguration: { create: 'boolean', name: 'string', issuer: { group: 'string', kind: 'string', name: 'string' } },
    readinessProbe: { port: 'number', path: 'string' },
    certmanager: { namespace: 'string', preserveCertificateRequests: 'boolean', additionalAnnotations: ['object'], issuer: ISSUER },
    tls: {
      trustDomain: 'string',
      rootCAFile: 'string',
      certificateDNSNames: ['string'],
      certificateDuration: 'string',
      istiodCertificateEnable: 'string or boolean',
      istiodCertificateDuration: 'string',
      istiodCertificateRenewBefore: 'string',
      istiodPrivateKeyAlgorithm: 'string',
      istiodPrivateKeySize: 'number',
      istiodAdditionalDNSNames: ['string'],
    },
    server: {
      authenticators: { enableClientCert: 'boolean' },
      clusterID: 'string',
      maxCertificateDuration: 'string',
      serving: { address: 'string', port: 'number', certificateKeySize: 'number', signatureAlgorithm: 'string' },
      caTrustedNodeAccounts: 'string',
    },
    istio: { revisions: ['string'], namespace: 'string' },
    controller: {
      leaderElectionNamespace: 'string', configmapNamespaceSelector: 'string', disableKubernetesClientRateLimiter: 'boolean', maxConcurrentReconciles: 'number',
    },
  },
  volumes: ['object'],
  volumeMounts: ['object'],
  commonLabels: 'object',
};

/** The paths of values that the chart doesn't have, or of another type. */
export function unknownValues(values: unknown, type: ValueType = ISTIO_CSR_VALUES, path = ''): string[] {
  if (typeof type === 'string') return type.split(' or ').includes(typeof values) && !Array.isArray(values) ? [] : [`${path}: no ${type}`];
  if (Array.isArray(type)) return Array.isArray(values) ? values.flatMap((value, index) => unknownValues(value, type[0], `${path}[${index}]`)) : [`${path}: no list`];
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return [`${path}: no mapping`];
  return Object.entries(values).flatMap(([name, value]) => {
    const known = (type as { readonly [name: string]: ValueType })[name];
    return known === undefined ? [`${path}.${name}: unknown`] : unknownValues(value, known, `${path}.${name}`);
  });
}
