import { AssumedFacts } from './injection-facts';
import { Workload } from './workload';
import { compareTexts } from '../inventory/object';

/** What the manifests don't say of who gets a sidecar: the labels of a namespace, or whether a revision is installed. */
export interface MissingInjection {
  readonly fact: 'namespace' | 'revision';
  readonly name: string;
}

/** Such a fact with a value: the namespace has injection or not, the revision is installed or not. */
export interface Condition extends MissingInjection {
  readonly holds: boolean;
}

export function factKey({ fact, name }: MissingInjection): string {
  return `${fact} ${name}`;
}

/** The fact that would decide a workload's proxy; undefined: it is decided, or by something else. */
export function missingOf({ proxy: { lacks } }: Workload): MissingInjection | undefined {
  return lacks && (lacks.fact === 'namespace' || lacks.fact === 'revision') ? { fact: lacks.fact, name: lacks.name } : undefined;
}

/** The facts that would decide workloads' proxies, each once: namespaces first, by name. */
export function missingAmong(workloads: Iterable<Workload>): readonly MissingInjection[] {
  const found = new Map<string, MissingInjection>();
  for (const workload of workloads) {
    const fact = missingOf(workload);
    if (fact) found.set(factKey(fact), fact);
  }
  return [...found.values()].sort((one, other) => compareTexts(one.fact, other.fact) || compareTexts(one.name, other.name));
}

/** The facts with values: namespaces with injection or without, revisions that are installed or not. */
export function assumed(facts: readonly MissingInjection[], valueOf: (index: number) => boolean): AssumedFacts {
  const valuesOf = (wanted: MissingInjection['fact']): ReadonlyMap<string, boolean> =>
    new Map(facts.flatMap(({ fact, name }, index) => (fact === wanted ? [[name, valueOf(index)] as const] : [])));
  return { namespaces: valuesOf('namespace'), revisions: valuesOf('revision') };
}
