// Values and manifests with something taken out that the constructs say, which must show in what is rendered.
import { type Installation, withValues } from './installations';

export interface Fault {
  readonly about: string;
  /** The installation that is broken, by its `about`. */
  readonly of: string;
  /** How the problems begin that must be found. */
  readonly seen: readonly string[];
  readonly make: (installation: Installation) => Installation;
}

function withCertificate(installation: Installation, namespace: string, changed: object): Installation {
  const { certificate } = installation as any;
  const metadata = { ...certificate.metadata, namespace };
  return { ...installation, certificate: { ...certificate, metadata, spec: { ...certificate.spec, ...changed } } };
}

export const FAULTS: readonly Fault[] = [
  {
    about: 'istiod signs',
    of: 'the defaults',
    seen: ['ENABLE_CA_SERVER is', 'MTLS733 is found'],
    make: (one) => withValues(one, ({ pilot }) => delete pilot?.env?.ENABLE_CA_SERVER),
  },
  {
    about: 'sidecars ask istiod',
    of: 'the defaults',
    seen: ['CA_ADDR of a sidecar is', 'CA_ADDR of a gateway is', 'MTLS732 is found'],
    make: (one) => withValues(one, ({ global }) => delete global?.caAddress),
  },
  {
    about: 'the cluster has the usual name, ztunnel asks istiod, and the mesh config lacks fields',
    of: 'all that can be said',
    seen: ['CLUSTER_ID is', 'ISTIO_META_CLUSTER_ID of a sidecar is', 'CA_ADDRESS of ztunnel is', 'TRUST_DOMAIN of a sidecar is', 'trustDomain is', 'enableAutoMtls of the mesh config is'],
    make: (one) => withValues(one, ({ global, ztunnel, meshConfig }) => {
      delete global?.multiCluster;
      // istioctl gives the global address to ztunnel, too.
      delete global?.caAddress;
      delete ztunnel?.caAddress;
      delete meshConfig?.trustDomain;
      delete meshConfig?.enableAutoMtls;
    }),
  },
  {
    about: 'the Certificate is of another Secret and namespace, and of another identity',
    of: 'the defaults',
    seen: ['the Secret at', 'the namespace of the Certificate is', 'the identity in the Certificate is'],
    make: (one) => withCertificate(one, 'default', { secretName: 'istiod', uris: ['spiffe://corp.example/ns/default/sa/istiod'] }),
  },
  {
    about: 'the Certificate lacks the name of a revision',
    of: 'several revisions: canary',
    seen: ['the Certificate has no name istiod-canary.istio-system.svc'],
    make: (one) => withCertificate(one, one.namespace, { dnsNames: ['istiod.istio-system.svc', 'istiod-1-31.istio-system.svc'] }),
  },
];
