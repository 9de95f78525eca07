import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MtlsMode } from './mtls-mode';
import * as security from '../../../imports/security.istio.io';

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
 * Emits the PeerAuthentication as a plain ApiObject: the binding's own `toJson` would drop, without a word,
 * whatever a user adds by JSON patch that it doesn't know.
 */
export function emitPeerAuthentication(scope: Construct, parts: PeerAuthenticationParts): ApiObject {
  const { namespace, name, mode, selector, portLevelMtls } = parts;
  return new ApiObject(scope, 'Resource', {
    ...security.PeerAuthentication.GVK,
    metadata: { namespace, ...name && { name } },
    spec: {
      ...selector !== undefined && { selector },
      ...mode && { mtls: { mode } },
      ...portLevelMtls && { portLevelMtls },
    },
  });
}
