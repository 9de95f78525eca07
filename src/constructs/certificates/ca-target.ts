import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { Fault } from '../../certificates/fault';
import { refusal } from '../../findings/refusal';

/** Whose errors are told. */
export interface CaSubject {
  readonly scope: Construct;
  /** istiod's namespace, once it is known to be a name. */
  readonly namespace?: string;
}

/** The CustomCa that a source emits for. */
export interface CaTarget extends CaSubject {
  readonly namespace: string;
}

/** Emits what a source consists of, below the target's scope; undefined for what exists already. */
export type CaEmitter = (target: CaTarget) => ApiObject | undefined;

/** An error about the object `cacerts` of some kind in istiod's namespace. */
export function caRefusal({ scope, namespace }: CaSubject, kind: string, fault: Fault): Error {
  return refusal({ ...fault, kind, name: [namespace, CA_SECRET_NAME].filter(Boolean).join('/'), path: scope.node.path });
}
