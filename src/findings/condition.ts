import { enumerated } from './enumerated';
import { numeral } from './numeral';

/** What manifests may not say of who gets a sidecar: the labels of a namespace, or whether a revision is installed. */
export interface MissingInjection {
  readonly fact: 'namespace' | 'revision';
  readonly name: string;
}

/** Such a fact with a value: the namespace has injection or not, the revision is installed or not. */
export interface Condition extends MissingInjection {
  readonly holds: boolean;
}

/** How many names a text shows; of more, the first and their number. */
const NAMES = 3;

/** `if shop has sidecars`. */
export function conditionText(conditions: readonly Condition[]): string {
  return `if ${conditionsText(conditions)}`;
}

/** `whether shop has sidecars`. */
export function whetherText(facts: readonly MissingInjection[]): string {
  return `whether ${conditionsText(facts.map(({ fact, name }) => ({ fact, name, holds: true })))}`;
}

/** `shop has sidecars`, `shop and 8 other namespaces have none and revision canary is installed`. */
export function conditionsText(conditions: readonly Condition[]): string {
  const texts = (['namespace', 'revision'] as const).flatMap((fact) => [true, false].map((holds) => {
    const names = conditions.filter((one) => one.fact === fact && one.holds === holds).map(({ name }) => name);
    return names.length === 0 ? '' : fact === 'namespace' ? sidecarsText(names, holds) : installedText(names, holds);
  }));
  return texts.filter(Boolean).join(' and ');
}

function sidecarsText(names: readonly string[], holds: boolean): string {
  return `${namesText(names, 'namespace')} ${names.length === 1 ? 'has' : 'have'} ${holds ? 'sidecars' : 'none'}`;
}

function installedText(names: readonly string[], holds: boolean): string {
  const [noun, verb] = names.length === 1 ? ['revision', 'is'] : ['revisions', 'are'];
  return `${noun} ${namesText(names, 'revision')} ${verb}${holds ? '' : 'n\'t'} installed`;
}

/** `shop`, `shop, pay and web`, `shop and 8 other namespaces`. */
export function namesText(names: readonly string[], noun: string): string {
  if (names.length > NAMES) return `${names[0]} and ${numeral(names.length - 1)} other ${noun}s`;
  return enumerated(names);
}
