import { decidedAlone, pathsIn, worstOf } from './advice';
import { addedBy, StatedFacts, isTellable, waitingText } from '../analysis/would-decide';
import { redacted } from '../findings/safe-text';
import { Counting } from '../mesh/calls/decisions';
import { MissingFact, missingFacts } from '../mesh/calls/missing-facts';
import { Mesh } from '../mesh/mesh';
import { Call } from '../mesh/model/call';
import { Path } from '../mesh/model/path';
import { Outcome } from '../mesh/model/transport';
import { Workload } from '../mesh/workloads/workload';

/** A fact that would help to decide an undecided call. */
export interface AwaitedFact {
  /** What is missing: one of the words that docs/analysis.md lists. */
  readonly need: MissingFact['need'];
  /** The namespace, revision, service or host that it is about. */
  readonly subject: string;
  /** `waits for …`. */
  readonly words: string;
  /** The facts to give instead, tried on the model, and the outcome of the call with them. */
  readonly telling?: StatedFacts & { readonly outcome: Exclude<Outcome, 'undecided'> };
}

/** The facts that an undecided call waits for. */
export function awaitedFacts(mesh: Mesh, client: Workload, call: Call, path: Path): readonly AwaitedFact[] {
  const { decision } = decidedAlone(mesh, client, call, path);
  const alone: Counting = { count: () => 1, sendersOf: ({ senders }) => senders };
  const facts = missingFacts({ * all() { yield decision; }, countOfSender: () => 1 }, mesh.planes, alone);
  return facts.map((fact) => ({
    need: fact.need,
    subject: redacted(fact.subject),
    words: redacted(waitingText(fact)),
    telling: isTellable(fact) ? tellingOf(fact, mesh, client, call) : undefined,
  }));
}

function tellingOf(fact: MissingFact, mesh: Mesh, client: Workload, call: Call): AwaitedFact['telling'] {
  const { injectedNamespaces = [], installedRevisions } = mesh.options;
  const added = addedBy(mesh, [fact]);
  const given = mesh.given({
    injectedNamespaces: [...injectedNamespaces, ...added.injectedNamespaces],
    installedRevisions: added.installedRevisions.length === 0 ? installedRevisions : [...installedRevisions ?? [], ...added.installedRevisions],
  });
  const outcome = worstOf(pathsIn(given, client, call));
  return outcome && outcome !== 'undecided' ? { ...added, outcome } : undefined;
}
