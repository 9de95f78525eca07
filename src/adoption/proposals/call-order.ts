import { AdoptedCall, CallsOfPolicy } from './adopted-call';
import { ClientDeclaration } from './declarations';
import { isSame } from '../comparison';

/**
 * The calls in an order in which Calls writes each policy's rules, the sources in them, and each client's entries as they are; where
 * no order does, at least the policies. The calls of a client follow each other as far as that is possible.
 */
export function orderedCalls(
  ofPolicies: readonly CallsOfPolicy[], external: readonly AdoptedCall[], clients: readonly ClientDeclaration[],
): readonly AdoptedCall[] {
  const calls = [...ofPolicies.flat(3), ...external];
  const ofRules = new Constraints();
  for (const rules of ofPolicies) {
    ofRules.follow(rules.map(([[first]]) => first));
    for (const sources of rules) {
      ofRules.follow(sources.map(([first]) => first));
      for (const [first, ...others] of sources) for (const call of others) ofRules.add(call, first);
    }
  }
  return orderOf(calls, [ofRules, ofClients(calls, clients)]) ?? orderOf(calls, [ofRules])!;
}

/** Each entry of a client is written first by its first call. */
function ofClients(calls: readonly AdoptedCall[], clients: readonly ClientDeclaration[]): Constraints {
  const constraints = new Constraints();
  const byClient = new Map<number, AdoptedCall[]>();
  for (const call of calls) {
    if (call.client !== undefined) byClient.set(call.client, [...byClient.get(call.client) ?? [], call]);
  }
  for (const { index, entries } of clients) {
    const ofEntries = entries.map((entry) => byClient.get(index)?.filter((call) => call.entry === entry) ?? []);
    const written = ofEntries.filter((all) => all.length > 0);
    for (const [number, [first, ...others]] of written.entries()) {
      for (const call of [...others, ...written[number + 1] ?? []]) constraints.add(call, first);
    }
  }
  return constraints;
}

/** Which calls stand before others. */
class Constraints {
  private readonly before = new Map<AdoptedCall, AdoptedCall[]>();

  public add(call: AdoptedCall, before: AdoptedCall): void {
    const known = this.before.get(call);
    if (known) known.push(before);
    else this.before.set(call, [before]);
  }

  /** Each stands before the next one. */
  public follow(calls: readonly AdoptedCall[]): void {
    for (const [index, call] of calls.slice(1).entries()) this.add(call, calls[index]);
  }

  public isMet(call: AdoptedCall, done: ReadonlySet<AdoptedCall>): boolean {
    return this.before.get(call)?.every((one) => done.has(one)) ?? true;
  }
}

/** An order that meets the constraints; undefined: none does. */
function orderOf(calls: readonly AdoptedCall[], constraints: readonly Constraints[]): readonly AdoptedCall[] | undefined {
  const [rest, done] = [new Set(calls), new Set<AdoptedCall>()];
  const isReady = (call: AdoptedCall): boolean => constraints.every((one) => one.isMet(call, done));
  let last: AdoptedCall | undefined;
  while (rest.size > 0) {
    const ready = [...rest].filter(isReady);
    const next = ready.find((call) => last !== undefined && isOfOneCaller(call, last)) ?? ready[0];
    if (next === undefined) return undefined;
    rest.delete(next);
    done.add(next);
    last = next;
  }
  return [...done];
}

/** Whether one statement may declare both. */
export function isOfOneCaller(one: AdoptedCall, other: AdoptedCall): boolean {
  return one.client === other.client && isSame(one.caller, other.caller);
}
