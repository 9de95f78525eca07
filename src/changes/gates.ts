import { harmOf } from '../mesh/compare/change-kind';
import type { ChangeGroup } from '../mesh/compare/diff';

/** The conditions that can make a diff fail. */
const GATES = [
  'new-broken', 'new-plaintext', 'new-exposed', 'new-undecided', 'new-refused', 'lost', 'unknown-effect', 'rerouted',
] as const;

export type Gate = typeof GATES[number];

export const GATE_WORDS = [...GATES, 'never'] as const;

/** Only those unknown effects that an option would resolve, or of connections that were decided before: no word of its own. */
const AVOIDABLE = 'avoidable-unknown-effect';

export type GateWords = readonly (Gate | 'never' | typeof AVOIDABLE)[];

/** Default gates. */
export const DEFAULT_GATES: GateWords = ['new-broken', 'new-plaintext', 'new-exposed', 'new-refused', 'lost', AVOIDABLE];

/** The default gates for people; `unknown-effect` is only on for some. */
export const DEFAULT_GATES_TEXT =
  'new-broken,new-plaintext,new-exposed,new-refused,lost, and of unknown-effect what an option or the former state decides';

/** What may make a diff fail. */
export interface Gated {
  /** The conditions of `--fail-on` that it meets. */
  readonly gates: readonly Gate[];
  /** Whether the default conditions include its unknown effect: an option would decide it, or the connection was decided before. */
  readonly isAvoidable?: boolean;
}

/** Whether something fails a run; undefined: no gate is for it. */
export function fails({ gates, isAvoidable = false }: Gated, failOn: GateWords): boolean | undefined {
  if (gates.length === 0) return undefined;
  return gates.some((gate) => failOn.includes(gate)) || (isAvoidable && gates.includes('unknown-effect') && failOn.includes(AVOIDABLE));
}

/** The gates that fail a run, each once, in the order of `GATES`. */
export function failing(failOn: GateWords): readonly Gate[] {
  return GATES.filter((gate) => failOn.includes(gate) || (gate === 'unknown-effect' && failOn.includes(AVOIDABLE)));
}

/**
 * The gates for connections between clients and servers that were there, by calls that were there;
 * empty: they are no worse, or one end is new or gone.
 */
export function gatesOf({ kind, from, to, taker }: Pick<ChangeGroup, 'kind' | 'from' | 'to' | 'taker'>): readonly Gate[] {
  if (kind === 'rerouted') return ['rerouted'];
  switch (harmOf({ kind, from, to, taker })) {
    case 'broken': return ['new-broken'];
    case 'plaintext': return ['new-plaintext'];
    case 'undecided': return ['new-undecided', ...from === 'undecided' ? [] : ['unknown-effect'] as const];
    case 'lost': return ['lost'];
    default: return [];
  }
}
