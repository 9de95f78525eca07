import { ExpectedBy, expectationsOf } from './expectations';
import { withAllKnown } from './known-facts';
import { MissingInjection } from '../../findings/condition';
import { Summary } from '../calls/connections';
import { JudgedMesh, Mesh } from '../mesh';
import { InjectionFacts } from '../workloads/injection-facts';
import { assumed, factKey } from '../workloads/missing-injection';

/** A fact that the manifests don't contain, and what expects it to hold. */
export interface ExpectedFact extends MissingInjection {
  /** Missing if nothing does. */
  readonly expectedBy?: ExpectedBy;
}

/** A judged mesh, or a change of one, in which each missing fact has a value. */
export interface JudgedWorld<J> {
  readonly judged: J;
  /** The facts that are true; all others are false. */
  readonly holding: readonly MissingInjection[];
}

/** What is judged, with all missing facts true, with none, and with those that objects expect to be. */
export interface BothWays<J> {
  /** Namespaces that aren't in the manifests, and revisions that aren't known to be installed. */
  readonly facts: readonly ExpectedFact[];
  readonly with: JudgedWorld<J>;
  readonly without: JudgedWorld<J>;
  /** With only those facts that are strongly expected; it may be one of the others. */
  readonly strong: JudgedWorld<J>;
  /** With only those facts that are expected, strongly or weakly; it may be one of the others. */
  readonly weak: JudgedWorld<J>;
  /** Each judged world once: those above, and further ones. */
  readonly all: readonly JudgedWorld<J>[];
}

/** How many connections have each outcome with all missing facts true, and with none. */
export interface SummaryBothWays {
  readonly facts: readonly ExpectedFact[];
  readonly with: Summary;
  readonly without: Summary;
  /** With only those facts true that objects expect to be. Missing if that is one of the others. */
  readonly expected?: Summary;
}

/** A judged mesh that facts can be added to. */
type Judged<J> = Omit<JudgedMesh, 'given'> & { given(facts: InjectionFacts): J };

/** The values of facts in further worlds. */
type FurtherValues = (facts: readonly ExpectedFact[]) => readonly (readonly boolean[])[];

/**
 * Undefined: no fact about injection is missing.
 *
 * @param mesh the mesh that is judged, or that after the judged change
 */
export function judgedBothWays<J extends Judged<J>>(judged: J, mesh: Mesh, further: FurtherValues = () => []): BothWays<J> | undefined {
  const missing = judged.missingInjection();
  if (missing.length === 0) return undefined;
  return withAllKnown(missing, (facts) => worldsOf(judged, facts, mesh, further), ({ all }) => (
    all.flatMap((world) => world.judged.missingInjection())));
}

function worldsOf<J extends Judged<J>>(judged: J, missing: readonly MissingInjection[], mesh: Mesh, further: FurtherValues): BothWays<J> {
  const expected = expectationsOf(mesh, missing);
  const facts = missing.map((fact): ExpectedFact => ({ ...fact, expectedBy: expected.get(factKey(fact)) }));
  const known = new Map<string, JudgedWorld<J>>();
  const worldOf = (values: readonly boolean[]): JudgedWorld<J> => {
    const key = values.join();
    if (!known.has(key)) {
      const holding = missing.filter((_, index) => values[index]);
      known.set(key, { judged: judged.given({ assumed: assumed(facts, (index) => values[index]) }), holding });
    }
    return known.get(key)!;
  };
  const worlds = {
    weak: worldOf(facts.map(({ expectedBy }) => expectedBy !== undefined)),
    strong: worldOf(facts.map(({ expectedBy }) => expectedBy?.strength === 'strong')),
    with: worldOf(facts.map(() => true)),
    without: worldOf(facts.map(() => false)),
  };
  for (const values of further(facts)) worldOf(values);
  return { facts, ...worlds, all: [...known.values()] };
}

export function summaryBothWays({ facts, with: all, without, weak }: BothWays<JudgedMesh>): SummaryBothWays {
  const isOther = weak !== all && weak !== without;
  return { facts, with: all.judged.summary(), without: without.judged.summary(), ...isOther && { expected: weak.judged.summary() } };
}
