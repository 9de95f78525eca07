import { Labels, isEmpty } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';
import { integer, labelsOf, shape } from '../objects/shape';

/** A mode that a PeerAuthentication can ask for; UNSET inherits. */
export type PolicyMode = 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** A PeerAuthentication. */
export interface PeerPolicy {
  readonly object: MeshObject;
  readonly mode: PolicyMode;
  /** The labels that it selects; undefined: the whole namespace, also for an empty selector. */
  readonly selector?: Labels;
  /** Modes by the **workload's** port, not the Service's. */
  readonly ports: ReadonlyMap<number, PolicyMode>;
}

export function readPeerPolicy(object: MeshObject): PeerPolicy {
  const { selector, mtls, portLevelMtls } = object.spec;
  const matchLabels = labelsOf(shape(selector).matchLabels);
  return {
    object,
    mode: readMode(mtls),
    selector: isEmpty(matchLabels) ? undefined : matchLabels,
    ports: new Map(Object.entries(shape(portLevelMtls)).map(([port, setting]) => [integer(port) ?? NaN, readMode(setting)])),
  };
}

function readMode(mtls: unknown): PolicyMode {
  const { mode } = shape(mtls);
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : 'UNSET';
}
