import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { Refuse, refusing } from '../refuse';

/** The CustomCa that a source emits for. */
export interface CaTarget {
  readonly scope: Construct;
  /** istiod's namespace. */
  readonly namespace: string;
}

/** Emits what a source consists of, below the target's scope; undefined for what exists already. */
export type CaEmitter = (target: CaTarget) => ApiObject | undefined;

/** The refusals of the object `cacerts` of some kind in istiod's namespace. */
export function caRefusing({ scope, namespace }: CaTarget, kind: string): Refuse {
  return refusing(kind, scope.node.path, `${namespace}/${CA_SECRET_NAME}`);
}
