import { FieldPath } from '../../findings/field-path';
import { Labels, isEmpty } from '../names/selector';
import { FieldRef } from '../objects/field-ref';
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
  /** Where it says them. */
  readonly portFields: ReadonlyMap<number, FieldPath>;
}

export function readPeerPolicy(object: MeshObject): PeerPolicy {
  const { selector, mtls, portLevelMtls } = object.spec;
  const matchLabels = labelsOf(shape(selector).matchLabels);
  const ports = Object.entries(shape(portLevelMtls)).map(([key, setting]) => ({ key, port: integer(key) ?? NaN, setting }));
  return {
    object,
    mode: readMode(mtls),
    selector: isEmpty(matchLabels) ? undefined : matchLabels,
    ports: new Map(ports.map(({ port, setting }) => [port, readMode(setting)])),
    portFields: new Map(ports.map(({ port, key }) => [port, ['spec', 'portLevelMtls', key, 'mode']])),
  };
}

const MODE: FieldPath = ['spec', 'mtls', 'mode'];

/** Where a policy says its mode, or that for one of its ports. */
export function modeAt({ object, portFields }: PeerPolicy, port?: number): FieldRef {
  return { object, field: port === undefined ? MODE : portFields.get(port)! };
}

function readMode(mtls: unknown): PolicyMode {
  const { mode } = shape(mtls);
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : 'UNSET';
}
