import { Alternative, readRule } from './alternative';
import { Labels } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';
import { booleanText, isShape, labelsOf, shape, shapes } from '../objects/shape';

export type AuthorizationAction = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';

/** An AuthorizationPolicy. */
export interface AuthorizationPolicy {
  readonly object: MeshObject;
  readonly action: AuthorizationAction;
  /** The labels that it selects; undefined: all workloads of its namespace, or of the mesh. */
  readonly selector?: Labels;
  /** For gateways, waypoints or Services: sidecars ignore it. */
  readonly targeted: boolean;
  /** It is only logged what it would do. */
  readonly dryRun: boolean;
  /** The ways in which a request can match; none: no request does, and an ALLOW allows nothing. */
  readonly alternatives: readonly Alternative[];
}

export function readAuthorizationPolicy(object: MeshObject): AuthorizationPolicy {
  const { spec, annotations } = object;
  return {
    object,
    action: readAction(spec.action),
    selector: isShape(spec.selector) ? labelsOf(shape(spec.selector).matchLabels) : undefined,
    targeted: isShape(spec.targetRef) || shapes(spec.targetRefs).length > 0,
    dryRun: booleanText(annotations['istio.io/dry-run']) === true,
    alternatives: shapes(spec.rules).flatMap((rule, index) => readRule(rule, ['spec', 'rules', index])),
  };
}

function readAction(action: unknown): AuthorizationAction {
  return action === 'DENY' || action === 'AUDIT' || action === 'CUSTOM' ? action : 'ALLOW';
}
