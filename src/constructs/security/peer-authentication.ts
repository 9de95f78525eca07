import { ApiObjectProps } from 'cdk8s';
import * as security from '../../../imports/security.istio.io';
import { checkPortNumbers, checkWord, Refuse } from '../refuse';

/**
 * What a workload's proxy accepts: the modes of Istio's PeerAuthentication.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/#PeerAuthentication-MutualTLS-Mode
 */
export enum MtlsMode {
  /** Only mutual TLS with a certificate of the mesh. Plaintext is rejected. */
  STRICT = 'STRICT',
  /** Both mutual TLS and plaintext. */
  PERMISSIVE = 'PERMISSIVE',
  /** Only plaintext. Calls of clients that send mutual TLS (ISTIO_MUTUAL) fail. */
  DISABLE = 'DISABLE',
  /** Inherits the mode of the parent: the namespace, then the mesh, then PERMISSIVE. */
  UNSET = 'UNSET',
}

/** The mutual TLS mode of one port of a workload. */
export interface PortMtls {
  /** The **container's** port, 1 to 65535. The Service's port may differ. */
  readonly port: number;

  /** What the workload's proxies accept on this port. */
  readonly mode: MtlsMode;
}

export interface PeerAuthenticationParts {
  readonly namespace: string;
  /** Defaults to the construct's generated name. */
  readonly name?: string;
  readonly mode?: MtlsMode;
  /** A `{ matchLabels }`, or a Lazy of one. */
  readonly selector?: unknown;
  readonly portLevelMtls?: Record<string, { mode: MtlsMode }>;
}

/**
 * The PeerAuthentication as properties of a plain ApiObject: the binding's own `toJson` silently drops fields
 * that a user adds by JSON patch and that it doesn't know. Without a selector, a mode is required.
 */
export function peerAuthentication(parts: PeerAuthenticationParts, refuse: Refuse): ApiObjectProps {
  const { namespace, name, mode, selector } = parts;
  if (mode !== undefined || selector === undefined) checkWord('mtls.mode', mode, MtlsMode, refuse);
  const spec: Record<string, unknown> = {};
  if (selector !== undefined) spec.selector = selector;
  if (mode) spec.mtls = { mode };
  if (parts.portLevelMtls) spec.portLevelMtls = parts.portLevelMtls;
  const { apiVersion, kind } = security.PeerAuthentication.GVK; // spreading it would cost as much as everything else here
  return { apiVersion, kind, metadata: name ? { namespace, name } : { namespace }, spec } as ApiObjectProps;
}

/** The `portLevelMtls` of a PeerAuthentication; undefined for no ports, since Istio rejects an empty map. */
export function portLevelMtls(ports: readonly PortMtls[], refuse: Refuse): Record<string, { mode: MtlsMode }> | undefined {
  checkPortNumbers(
    ports.map(({ port }) => port),
    { field: 'portLevelMtls', entry: 'mode', owner: 'container' },
    refuse,
  );
  if (ports.length === 0) return undefined;
  const modes: Record<string, { mode: MtlsMode }> = {};
  for (const { port, mode } of ports) {
    checkWord(`portLevelMtls.${port}.mode`, mode, MtlsMode, refuse);
    modes[port] = { mode };
  }
  return modes;
}
