import { AssumedFacts } from './injection-facts';
import { Workload } from './workload';
import { MissingInjection } from '../../findings/condition';
import { compareTexts } from '../inventory/object';

export function factKey({ fact, name }: MissingInjection): string {
  return `${fact} ${name}`;
}

/** The fact that would decide a workload's proxy; undefined: it is decided, or by something else. */
export function missingOf({ proxy: { lacks } }: Workload): MissingInjection | undefined {
  return lacks && (lacks.fact === 'namespace' || lacks.fact === 'revision') ? { fact: lacks.fact, name: lacks.name } : undefined;
}

/** The facts that would decide workloads' proxies, each once: namespaces first, by name. */
export function missingAmong(workloads: Iterable<Workload>): readonly MissingInjection[] {
  return eachOnce(Array.from(workloads).flatMap((workload) => missingOf(workload) ?? []));
}

/** Each fact once: namespaces first, by name. */
export function eachOnce(facts: readonly MissingInjection[]): readonly MissingInjection[] {
  const byKey = new Map(facts.map((fact) => [factKey(fact), fact]));
  return [...byKey.values()].sort((one, other) => compareTexts(one.fact, other.fact) || compareTexts(one.name, other.name));
}

/** The facts with values: namespaces with injection or without, revisions that are installed or not. */
export function assumed(facts: readonly MissingInjection[], valueOf: (index: number) => boolean): AssumedFacts {
  const valuesOf = (wanted: MissingInjection['fact']): ReadonlyMap<string, boolean> =>
    new Map(facts.flatMap(({ fact, name }, index) => (fact === wanted ? [[name, valueOf(index)] as const] : [])));
  return { namespaces: valuesOf('namespace'), revisions: valuesOf('revision') };
}
