import { Mesh } from '../../../src/mesh/mesh';

/** The calls of a mesh with the outcomes of their connections. */
function outcomesOfCalls(one: Mesh): ReadonlyMap<string, readonly string[]> {
  const calls = new Map<string, string[]>();
  for (const { client, requested, outcome } of one.connections()) {
    const key = `${client.kind} ${client.namespace}/${client.name} ${requested.host}:${requested.port}`;
    calls.set(key, [...calls.get(key) ?? [], outcome]);
  }
  return calls;
}

/** Calls with a broken connection. */
export const brokenCalls = (one: Mesh): readonly string[] => [...outcomesOfCalls(one)].filter(([, outcomes]) => outcomes.includes('broken')).map(([key]) => key);

/** Calls that are known to succeed. */
export const soundCalls = (one: Mesh): ReadonlySet<string> =>
  new Set([...outcomesOfCalls(one)].filter(([, outcomes]) => !outcomes.includes('broken') && !outcomes.includes('undecided')).map(([key]) => key));
