// The article's wrong manifests, and what a cluster says to them. Where it takes what does nothing, that is said.
import type { Manifest } from '../manifest';

const HOST = 'my-service.my-namespace.svc.cluster.local';
const peerAuthentication = (spec: object): Manifest => ({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'istio-system' }, spec });
const destinationRule = (tls: object): Manifest => ({
  apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'my-service-dr', namespace: 'my-namespace' }, spec: { host: HOST, trafficPolicy: { tls } },
});

export interface Mistake {
  /** Of the article's table. */
  readonly row: number;
  readonly about: string;
  readonly object: Manifest;
  /** A part of the cluster's words. */
  readonly refused?: string;
  /** Why it takes the manifest all the same. */
  readonly taken?: string;
}

export const MISTAKES: readonly Mistake[] = [
  { row: 12, about: 'kind MeshPolicy', object: { apiVersion: 'authentication.istio.io/v1alpha1', kind: 'MeshPolicy', metadata: { name: 'default' }, spec: { peers: [{ mtls: { credentialName: 'my-credential', mode: 'STRICT' } }] } }, refused: 'no matches for kind "MeshPolicy"' },
  { row: 12, about: 'its fields in a PeerAuthentication', object: peerAuthentication({ peers: [{ mtls: { credentialName: 'my-credential', mode: 'STRICT' } }] }), refused: 'unknown field "spec.peers"' },
  { row: 14, about: 'maxSessionAge', object: destinationRule({ mode: 'ISTIO_MUTUAL', maxSessionAge: '300s' }), refused: 'unknown field "spec.trafficPolicy.tls.maxSessionAge"' },
  { row: 14, about: 'maxSessionAgeGrace', object: destinationRule({ mode: 'ISTIO_MUTUAL', maxSessionAgeGrace: '50s' }), refused: 'unknown field "spec.trafficPolicy.tls.maxSessionAgeGrace"' },
  {
    row: 5, about: 'a route to a subset that nothing defines',
    object: {
      apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'my-service-vs', namespace: 'my-namespace' },
      spec: { hosts: [HOST], http: [{ route: [{ destination: { host: HOST, subset: 'v1' } }] }] },
    },
    taken: 'no webhook looks at two objects; `istio-mtls validate` warns (ADMIT801)',
  },
  {
    row: 9, about: 'ISTIO_META_CERT_SDS_CACHE_SIZE',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: 'defaultConfig:\n  proxyMetadata:\n    ISTIO_META_CERT_SDS_CACHE_SIZE: "1024"\n' } },
    taken: 'a ConfigMap holds any text, and proxyMetadata any variable; nothing reads this one',
  },
  {
    row: 11, about: 'v1beta1',
    object: { ...peerAuthentication({ mtls: { mode: 'STRICT' } }), apiVersion: 'security.istio.io/v1beta1' },
    taken: 'the old version is still served; `istio-mtls validate` warns (ADMIT108)',
  },
  {
    row: 13, about: 'Secret custom-ca',
    object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'custom-ca', namespace: 'istio-system' }, data: { 'root-cert.pem': 'YQ==', 'cert-chain.pem': 'YQ==', 'key.pem': 'YQ==' } },
    taken: 'a Secret may have any name, and istiod never reads this one; `istio-mtls validate` warns (ADMIT709)',
  },
];
