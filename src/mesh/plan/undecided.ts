import { objectIn, ChangeUnit } from './change-unit';
import { Stage } from './stages';
import { UndecidedConnections, StageVerdict } from './verdict';
import { MissingFact } from '../calls/missing-facts';
import { ChangedConnections } from '../compare/connection-changes';
import { ComparedObject } from '../compare/object-changes';
import { UnknownEffect, UnknownEffects } from '../compare/unknown-effects';
import { Mesh } from '../mesh';

/** Undecided connections that a unit may affect. */
interface Concern {
  readonly unit: number;
  readonly connections: number;
  readonly effect: UnknownEffect;
}

/**
 * Finds undecided connections that units may affect: they have no minimum protection, so nothing is proven about
 * them. Connections whose client, call or server exists only before or only after the change don't count.
 */
export class UndecidedConcerns {
  private readonly effects: UnknownEffects;
  private readonly known = new Map<ChangeUnit, UnknownEffect | undefined>();

  constructor(before: Mesh, after: Mesh, changes: readonly ChangedConnections[]) {
    this.effects = new UnknownEffects(before, after, changes);
  }

  /** The verdict, if the stage concerns such a connection. */
  verdict<V extends StageVerdict>(verdict: V, units: readonly ChangeUnit[], moved: readonly number[]): V | StageVerdict {
    if (verdict.verdict !== 'safe') return verdict;
    const witness = this.witness(units, moved);
    return witness ? { verdict: 'unproven', witness } : verdict;
  }

  stage(stage: Stage, units: readonly ChangeUnit[]): Stage {
    const witness = stage.verdict === 'safe' ? this.witness(units, stage.moves.map(({ unit }) => unit)) : undefined;
    return witness ? { ...stage, verdict: 'unproven', witness } : stage;
  }

  private witness(units: readonly ChangeUnit[], moved: readonly number[]): UndecidedConnections | undefined {
    const concerns = [...new Set(moved)].flatMap((unit) => this.concern(units[unit], unit));
    if (concerns.length === 0) return undefined;
    const most = (of: (concern: Concern) => number): number => Math.max(...concerns.map(of));
    return {
      kind: 'undecided',
      units: concerns.map(({ unit }) => unit),
      connections: most(({ connections }) => connections),
      servers: most(({ effect: { servers } }) => servers),
      facts: factsOf(concerns.map(({ effect }) => effect)),
    };
  }

  private concern(unit: ChangeUnit, index: number): readonly Concern[] {
    if (!this.known.has(unit)) {
      const change = changeOf(unit);
      this.known.set(unit, change && this.effects.of(change));
    }
    const effect = this.known.get(unit);
    if (!effect) return [];
    const connections = Math.max(0, effect.connections + effect.before + effect.after - effect.unpaired);
    return connections + effect.servers > 0 ? [{ unit: index, connections, effect }] : [];
  }
}

/** The change of a unit's object, or the addition of a temporary object. Undefined if only pods restart, because of another unit. */
function changeOf(unit: ChangeUnit): ComparedObject | undefined {
  if (unit.change) return unit.change;
  const passing = unit.versions.flatMap(({ change }, version) => (change ? objectIn(unit, version) ?? [] : []))[0];
  return passing && { before: unit.former, after: passing };
}

/** Merges equal facts, keeping the largest number of connections. */
function factsOf(effects: readonly UnknownEffect[]): readonly MissingFact[] {
  const facts = new Map<string, MissingFact>();
  for (const fact of effects.flatMap((effect) => effect.facts)) {
    const key = `${fact.need} ${fact.subject}`;
    if (fact.connections >= (facts.get(key)?.connections ?? 0)) facts.set(key, fact);
  }
  return [...facts.values()].sort((one, other) => other.connections - one.connections);
}
