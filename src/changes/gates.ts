import type { ChangeGroup } from '../mesh/compare/diff';

/** What may make a diff fail. */
export const GATES = ['new-broken', 'new-plaintext', 'new-exposed', 'new-undecided', 'lost'] as const;

export type Gate = typeof GATES[number];

export const GATE_WORDS = [...GATES, 'never'] as const;

export type GateWords = readonly (Gate | 'never')[];

/** Unless told. */
export const DEFAULT_GATES: GateWords = ['new-broken', 'new-plaintext', 'new-exposed'];

/** The gate for connections between clients and servers that were there, by calls that were there; undefined: they are no worse, or one end is new or gone. */
export function gateOf({ kind, to }: Pick<ChangeGroup, 'kind' | 'to'>): Gate | undefined {
  if (kind === 'added' || kind === 'removed') return undefined;
  switch (to) {
    case 'broken': return 'new-broken';
    case 'plaintext': return 'new-plaintext';
    case 'undecided': return 'new-undecided';
    case undefined: return 'lost';
    default: return undefined;
  }
}
