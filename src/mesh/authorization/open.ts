import { Facts, plaintextTo } from './facts';
import { Clause, RuleProtocol } from './normal-form';
import { AuthorizationPolicies } from './policies';
import { Atom, AuthorizationPolicy } from './policy';
import { leftOfClause } from './residual';
import { Verdict, verdictOf } from './verdict';
import { oncePerObject } from '../collections';
import { Workload } from '../workloads/workload';

/** Which of some requests: those that no DENY matches, or those that a rule is about. */
export type Extent = 'all' | 'some' | 'none';

/**
 * Which plaintext requests to a port of a workload are allowed among those that no DENY matches, if the port accepts plaintext. The
 * decisions of a CUSTOM policy's provider are left out.
 */
export function plaintextAt(authorization: AuthorizationPolicies, workload: Workload, port: number, protocol: RuleProtocol): Extent {
  const policies = authorization.of(workload);
  if (policies.length === 0) return 'all';
  const known = extentsOf(policies);
  const key = `${port} ${protocol}`;
  let extent = known.get(key);
  if (!extent) {
    const enforced = policies.filter(({ action }) => action !== 'CUSTOM');
    known.set(key, extent = extentOf(verdictOf(enforced, plaintextTo(port, protocol, authorization.trustDomains), [protocol])));
  }
  return extent;
}

const extentsOf = oncePerObject((_: readonly AuthorizationPolicy[]): Map<string, Extent> => new Map());

function extentOf(verdict: Verdict): Extent {
  switch (verdict.passes) {
    case 'always': return 'all';
    case 'never': return 'none';
    case 'undecided': return 'some';
    case 'if': return verdict.allowed ? 'some' : 'all';
  }
}

/** Which requests to a port a rule is about, whoever makes them: some, if it asks for a host, a method or a path. */
export function scopeAt(clause: Clause, port: number, protocol: RuleProtocol): Extent {
  const known = scopesOf(clause);
  let scope = known.get(port);
  if (!scope) known.set(port, scope = findScope(clause, { protocol, trustDomains: [], port }));
  return scope;
}

const scopesOf = oncePerObject((_: Clause): Map<number, Extent> => new Map());

function findScope(clause: Clause, facts: Facts): Extent {
  const left = leftOfClause(clause, facts);
  if (!left) return 'none';
  return left.operations.every((operation) => operation.some(isOfOperation)) ? 'some' : 'all';
}

const OF_OPERATIONS: ReadonlySet<string> = new Set(['request.host', 'request.method', 'request.path']);

function isOfOperation({ attribute }: Atom): boolean {
  return OF_OPERATIONS.has(attribute);
}
