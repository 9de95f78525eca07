import { CrdSchema } from './crd-schema';
import schemas from '../../imports/schemas.json';

/** A kind of Istio's API as its CustomResourceDefinition defines it. */
export interface IstioKind {
  /** For example `security.istio.io`. */
  readonly group: string;
  /** For example `PeerAuthentication`. */
  readonly kind: string;
  /** As in URLs: `peerauthentications`. */
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  /** The served versions, v1 first where there is one; one schema holds for all of them. */
  readonly versions: readonly string[];
  /** The structural OpenAPI v3 schema without its descriptions. */
  readonly schema: CrdSchema;
}

/** Every kind of the vendored CRDs, see imports/crds. */
export const ISTIO_KINDS = schemas.kinds as readonly unknown[] as readonly IstioKind[];

/** The module and version that the CRDs come from: `istio.io/api@v1.31.4`. */
export const ISTIO_API_VERSION = schemas.source;
