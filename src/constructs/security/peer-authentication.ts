import { ApiObjectProps } from 'cdk8s';
import { MtlsMode } from './mtls-mode';
import * as security from '../../../imports/security.istio.io';
import { checkWord } from '../enum-word';
import { Refuse } from '../refuse';

export interface PeerAuthenticationParts {
  readonly namespace: string;
  /** The construct's generated name where there is none. */
  readonly name?: string;
  readonly mode?: MtlsMode;
  /** A `{ matchLabels }`, or a Lazy of one. */
  readonly selector?: unknown;
  readonly portLevelMtls?: Record<string, { mode: MtlsMode }>;
}

/**
 * The PeerAuthentication as properties of a plain ApiObject: the binding's own `toJson` would drop, without a
 * word, whatever a user adds by JSON patch that it doesn't know. Without a selector it must say a mode.
 */
export function peerAuthentication(parts: PeerAuthenticationParts, refuse: Refuse): ApiObjectProps {
  const { namespace, name, mode, selector, portLevelMtls } = parts;
  if (mode !== undefined || selector === undefined) checkWord('mtls.mode', mode, MtlsMode, refuse);
  const spec: Record<string, unknown> = {};
  if (selector !== undefined) spec.selector = selector;
  if (mode) spec.mtls = { mode };
  if (portLevelMtls) spec.portLevelMtls = portLevelMtls;
  const { apiVersion, kind } = security.PeerAuthentication.GVK; // spread, it would cost as much as all of the rest
  return { apiVersion, kind, metadata: name ? { namespace, name } : { namespace }, spec } as ApiObjectProps;
}
