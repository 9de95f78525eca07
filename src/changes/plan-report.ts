import { NotJudged, notJudgedIn } from './not-judged';
import { ReportedObject, ReportedObjects } from './object-changes';
import { Reservations, reservationsOf } from './reservations';
import { redactedValue } from '../findings/redacted-value';
import { redacted } from '../findings/safe-text';
import { MissingFact } from '../mesh/calls/missing-facts';
import { UNJUDGED } from '../mesh/compare/diff';
import { ObjectChange, objectOf } from '../mesh/compare/object-changes';
import { nameOf, ObjectName } from '../mesh/inventory/object';
import { Outcome } from '../mesh/model/transport';
import { Move } from '../mesh/plan/passage';
import { MeshPlan, worsened } from '../mesh/plan/plan';
import { Stage } from '../mesh/plan/stages';
import { State } from '../mesh/plan/states';
import { isRollout, objectIn, Unit } from '../mesh/plan/unit';
import { Verdict, Witness } from '../mesh/plan/verdict';
import { ServerMode } from '../mesh/policies/peer-authentication';

/** How sure it is that nothing falls below what it is before and after. */
type PlanVerdict = Verdict['verdict'];

/** One step of a stage. */
export interface ReportedStep {
  /** `restart`: its object stays as it is. */
  readonly action: 'apply' | 'delete' | 'restart';
  readonly object: ReportedObject;
  /** `passing`: another version than those before and after, or an object that is there for a while. */
  readonly version: 'final' | 'passing';
  /** Whether pods start, end or are replaced. */
  readonly isRollout: boolean;
}

export interface ReportedStage {
  readonly verdict: 'safe' | 'unproven';
  readonly witness?: ReportedWitness;
  readonly steps: readonly ReportedStep[];
}

/** What falls below its floor, or may, and while who has what. */
export interface ReportedWitness {
  readonly kind: Witness['kind'];
  readonly client?: ObjectName;
  /** The host and port that the client calls. */
  readonly calls?: string;
  readonly server?: ObjectName & { readonly port?: number };
  readonly outcome?: Outcome;
  readonly mode?: ServerMode;
  /** How many connections, or else servers, aren't decided, and what they wait for. */
  readonly connections?: number;
  readonly servers?: number;
  readonly facts?: readonly MissingFact[];
  /** The changes that the one has already. */
  readonly clientHas: readonly ReportedObject[];
  readonly serverHas: readonly ReportedObject[];
  /** The changes that have a part in it, and that the one hasn't yet. */
  readonly clientLacks: readonly ReportedObject[];
  readonly serverLacks: readonly ReportedObject[];
}

/** A plan as reports tell of it. */
export interface ReportedPlan extends Reservations {
  readonly atOnce: { readonly verdict: PlanVerdict; readonly witness?: ReportedWitness };
  /** How many connections the change itself makes broken or plaintext, in whatever order. */
  readonly worsened: Readonly<Record<'broken' | 'plaintext', number>>;
  /** Undefined: none were found. */
  readonly stages?: readonly ReportedStage[];
  /** What stands in the way, where there are no stages. */
  readonly stuck?: ReportedWitness;
  /** Objects that have no part in connections, and may change at any time. */
  readonly others: readonly ReportedObject[];
  /** Those whose effect isn't checked, each with the reason; those that aren't AuthorizationPolicies are in no folder. */
  readonly unjudged: readonly NotJudged[];
  /** How many other objects differ that aren't read, by kind. */
  readonly unread: Readonly<Record<string, number>>;
}

export function reportedPlan(found: MeshPlan, objects: ReportedObjects): ReportedPlan {
  const reporter = new PlanReporter(found, objects);
  const isUnjudged = (change: ObjectChange): boolean => UNJUDGED.has(objectOf(change));
  return {
    atOnce: { verdict: found.atOnce.verdict, witness: reporter.witness(found.atOnce.witness) },
    worsened: worsened(found),
    stages: found.stages?.map((stage) => reporter.stage(stage)),
    stuck: reporter.witness(found.stuck),
    others: found.others.filter((change) => !isUnjudged(change)).map((change) => objects.of(change)),
    ...notJudgedIn({ unjudged: found.others.filter(isUnjudged), unread: found.unread }, objects),
    ...reservationsOf(found, found.units.length + found.others.length === 0),
  };
}

/** The version of an object that is there for a while only. */
const PASSING = 1;

class PlanReporter {
  constructor(private readonly found: MeshPlan, private readonly objects: ReportedObjects) {}

  stage({ moves, verdict, witness }: Stage): ReportedStage {
    return { verdict, witness: this.witness(witness), steps: moves.map((move) => this.step(move)) };
  }

  witness(witness: Witness | undefined): ReportedWitness | undefined {
    if (!witness) return undefined;
    const parts = { clientHas: [], serverHas: [], clientLacks: [], serverLacks: [] };
    if (witness.kind === 'too-many') return { kind: witness.kind, ...parts, serverLacks: this.changes(witness.units) };
    if (witness.kind === 'undecided') return this.undecided(witness);
    const { units, serverState } = witness;
    const ofServer = { serverHas: this.changes(units, serverState, true), serverLacks: this.changes(units, serverState, false) };
    if (witness.kind === 'port') {
      const { kind, server, port, mode } = witness;
      return redactedValue({ kind, ...parts, ...ofServer, server: { ...nameOf(server), ...port > 0 && { port } }, mode });
    }
    const { kind, client, host, port, path, outcome, mode, clientState } = witness;
    return {
      ...redactedValue({ kind, client: nameOf(client), calls: `${host}:${port}`, server: path.server && nameOf(path.server), outcome, mode }),
      ...ofServer,
      clientHas: this.changes(units, clientState, true),
      clientLacks: this.changes(units, clientState, false),
    };
  }

  private undecided({ kind, connections, servers, facts, units }: Extract<Witness, { kind: 'undecided' }>): ReportedWitness {
    const told = facts.map((fact) => ({ ...fact, subject: redacted(fact.subject) }));
    return { kind, connections, servers, facts: told, clientHas: [], serverHas: [], clientLacks: [], serverLacks: this.changes(units) };
  }

  /** @param isMade whether those are wanted that a state has, or those that it hasn't */
  private changes(units: readonly number[], state?: State, isMade = true): readonly ReportedObject[] {
    const versionIn = (unit: number): number => (state ? Math.max(...state[unit]) : 0);
    return units.filter((unit) => state === undefined || (versionIn(unit) > 0) === isMade).map((unit) => {
      const { goal } = this.found.units[unit];
      return this.change(this.found.units[unit], 0, versionIn(unit) || goal || PASSING);
    });
  }

  private step({ unit: index, from, to }: Move): ReportedStep {
    const unit = this.found.units[index];
    const object = objectIn(unit, to);
    const isRestart = !unit.change && isRollout(unit);
    return {
      action: isRestart ? 'restart' : object ? 'apply' : 'delete',
      object: this.change(unit, from, to),
      version: to === unit.goal ? 'final' : 'passing',
      isRollout: isRollout(unit),
    };
  }

  private change(unit: Unit, from: number, to: number): ReportedObject {
    if (unit.change && from === 0 && to === unit.goal) return this.objects.of(unit.change);
    const [before, after] = [objectIn(unit, from), objectIn(unit, to)];
    return this.objects.of({ before: before ?? (after ? undefined : unit.object), after });
  }
}
