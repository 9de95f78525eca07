import { Summary } from '../calls/connections';
import { JudgedMesh } from '../mesh';
import { assumed, factKey, MissingInjection } from '../workloads/missing-injection';

/** How many connections have each outcome where all missing facts are true, and where none is. */
export interface BothWays {
  /** Namespaces that aren't in the manifests, and revisions that aren't known to be installed. */
  readonly facts: readonly MissingInjection[];
  readonly with: Summary;
  readonly without: Summary;
}

/** Undefined: no fact about injection is missing. */
export function decidedBothWays(judged: JudgedMesh): BothWays | undefined {
  let facts = judged.missingInjection();
  if (facts.length === 0) return undefined;
  for (;;) {
    const [all, none] = [true, false].map((value) => judged.given({ assumed: assumed(facts, () => value) }));
    // A pod may ask for a revision where its namespace has no label: then it matters whether that is installed.
    const known = new Set(facts.map(factKey));
    const more = [all, none].flatMap((one) => one.missingInjection()).filter((fact) => !known.has(factKey(fact)));
    if (more.length === 0) return { facts, with: all.summary(), without: none.summary() };
    facts = [...facts, ...more];
  }
}
