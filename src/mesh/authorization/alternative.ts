import { Condition, needsTls, readFrom, readWhen } from './condition';
import { allowsPort, isForPort, isOfPort, Operation, readTo } from './operation';
import { FieldPath } from '../../findings/field-path';
import { Shape } from '../objects/shape';

/**
 * One way for a request to match a policy: one source of a rule with the rule's `when`. A rule with several
 * sources has several.
 */
export interface Alternative {
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** One of them must fit. */
  readonly operations: readonly Operation[];
}

/** Which plaintext requests match: those have no certificate and no SNI. */
export type PlaintextMatch = 'all' | 'some' | 'none';

export function readRule(rule: Shape, field: FieldPath): readonly Alternative[] {
  const when = readWhen(rule.when, [...field, 'when']);
  const operations = readTo(rule.to);
  return readFrom(rule.from, [...field, 'from']).map((source) => ({ conditions: [...source, ...when], operations }));
}

/** What of the plaintext requests to a port of the workload matches. */
export function plaintextMatch({ conditions, operations }: Alternative, port: number): PlaintextMatch {
  const ports = conditions.filter(isOfPort);
  const fitting = operations.filter((operation) => isForPort(operation, port));
  if (fitting.length === 0 || !ports.every((condition) => allowsPort(condition, port))) return 'none';
  if (conditions.some((condition) => needsTls(condition) && !condition.negated)) return 'none';
  const others = conditions.some((condition) => !needsTls(condition) && !isOfPort(condition));
  return others || fitting.every(({ someRequests }) => someRequests) ? 'some' : 'all';
}

/** Whether it is about a port of the workload at all. */
export function concernsPort({ conditions, operations }: Alternative, port: number): boolean {
  return operations.some((operation) => isForPort(operation, port)) && conditions.filter(isOfPort).every((condition) => allowsPort(condition, port));
}

/** Whether hosts, methods or paths narrow it, whichever port is called. */
export function isForSomeRequests({ operations }: Alternative): boolean {
  return operations.every(({ someRequests }) => someRequests);
}
