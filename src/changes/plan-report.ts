import { ReportedNarrowing, reportedNarrowings } from './left-out-report';
import { isJudged, notJudgedIn, ReportedNotJudged } from './not-judged';
import { ObjectDifference, firstTexts, ReportedObjects } from './object-changes';
import { PlanLeftOut, planLeftOut } from './plan-left-out';
import { Reservations, reservationsOf } from './reservations';
import { Condition } from '../findings/condition';
import { redactedValue } from '../findings/redacted-value';
import { redacted } from '../findings/safe-text';
import { MissingFact } from '../mesh/calls/missing-facts';
import { UNJUDGED } from '../mesh/compare/diff';
import { ComparedObject, objectOf } from '../mesh/compare/object-changes';
import { nameOf, ObjectName } from '../mesh/inventory/object';
import { Outcome } from '../mesh/model/transport';
import { isRollout, objectIn, ChangeUnit } from '../mesh/plan/change-unit';
import { Move } from '../mesh/plan/stage-states';
import { Stage } from '../mesh/plan/stages';
import { State } from '../mesh/plan/states';
import { StageVerdict, StageWitness } from '../mesh/plan/verdict';
import { ServerMode } from '../mesh/policies/peer-authentication';
import { workloadText } from '../mesh/queries/connection-text';
import { ExpectedFact } from '../mesh/worlds/both-ways';
import { PlanBothWays, ProvenIn } from '../mesh/worlds/plan-both-ways';

/** A changed object of a stage, with the differences from the previous stage. */
export interface ReportedStep extends ObjectDifference {
  /** `restart`: the object doesn't change, and its pods are replaced. */
  readonly action: 'apply' | 'delete' | 'restart';
  /** `passing`: temporary, as neither before nor after the whole change. */
  readonly version: 'final' | 'passing';
  /** Whether pods start, stop or are replaced, so that old and new ones run at the same time. */
  readonly isRollout: boolean;
  /** Where the pods change, for `restart`: all of them hold. Missing if they do in every case. */
  readonly if?: readonly Condition[];
}

/** Changes to apply together, in any order. */
export interface ReportedStage {
  /** `safe`: proven, whichever proxies have which of the changes. `unproven`: not known for all calls, or not in every case. */
  readonly verdict: 'safe' | 'unproven';
  /** The stage is proven where all of them hold. Missing if it is in every case, or in none. */
  readonly if?: readonly Condition[];
  /** Why it isn't proven. Missing if it is. */
  readonly witness?: PlanWitness;
  /** The changes, in any order. */
  readonly steps: readonly ReportedStep[];
  /** The conditions to wait for before the next stage. */
  readonly waits: readonly string[];
}

/** What is worse than before and after, or may be, and which proxies have which changes then. */
export interface PlanWitness {
  /**
   * `call`: a call that is worse than before and after, or may be. `port`: a port that accepts more plaintext than before and after, or
   * may. `undecided`: connections that the changes may concern are undecided, so that nothing is proven about them. `too-many`: more
   * changes affect the same calls than can be examined.
   */
  readonly kind: StageWitness['kind'];
  /** Where it is so: all of them hold. Missing if it is in every case. */
  readonly if?: readonly Condition[];
  readonly client?: ObjectName;
  /** The host and port that the client calls. */
  readonly calls?: string;
  /** Missing if no server, or no known server, receives the call. */
  readonly server?: WitnessServer;
  readonly outcome?: Outcome;
  /** What the server's port accepts. */
  readonly mode?: ServerMode;
  /** How many connections are undecided. */
  readonly connections?: number;
  /** How many workloads accept something unknown. */
  readonly servers?: number;
  /** What the connections wait for. */
  readonly facts?: readonly MissingFact[];
  /** The changes that the client's proxy already has. */
  readonly clientHas: readonly ObjectDifference[];
  /** The changes that it doesn't have yet. */
  readonly clientLacks: readonly ObjectDifference[];
  /** The changes that the server's proxy already has. */
  readonly serverHas: readonly ObjectDifference[];
  /**
   * The changes that it doesn't have yet; for `too-many`, all that affect the same calls; for
   * `undecided`, all that may concern the connections.
   */
  readonly serverLacks: readonly ObjectDifference[];
}

/** A server that receives a call. */
interface WitnessServer extends ObjectName {
  /** Missing for a port that no manifest names. */
  readonly port?: number;
}

/** Whether it is safe to apply all changes at once, in any order. */
interface VerdictAtOnce {
  readonly verdict: StageVerdict['verdict'];
  /** It is safe where all of them hold. Missing if it is in every case, or in none. */
  readonly if?: readonly Condition[];
  /** What gets worse, or may. Missing if nothing does. */
  readonly witness?: PlanWitness;
}

/** What is worse after the change than before, in whatever order it is applied; each number in the case in which it is largest. */
interface WorsenedByChange {
  /** Connections that fail and didn't, as `new-broken` of `istio-mtls diff` counts them. */
  readonly broken: number;
  /** Connections in plaintext that weren't, as `new-plaintext` counts them. */
  readonly plaintext: number;
  /** Connections that are undecided and weren't, as `unknown-effect` counts them. */
  readonly undecided: number;
  /** Calls that end although the client remains, as `lost` counts them. */
  readonly lost: number;
  /** Workloads with ports that were STRICT and accept plaintext, or may, as `new-exposed` counts them. */
  readonly exposed: number;
  /** The numbers that aren't the same in every case. Missing if all are. */
  readonly varying?: Readonly<Partial<Record<'broken' | 'plaintext' | 'undecided' | 'lost' | 'exposed', VaryingNumber>>>;
}

/** A number that isn't the same in every case. */
interface VaryingNumber {
  /** The smallest in any case. */
  readonly least: number;
  /** Where it is as large as stated: all of them hold. */
  readonly if: readonly Condition[];
}

/** The stages from one state of a mesh to another: what `plan -o json` prints, and `MtlsWhatIf.plan` returns. */
export interface ReportedPlan extends Reservations, ReportedNotJudged {
  /** Whether it is safe to apply all changes at once, in any order. */
  readonly atOnce: VerdictAtOnce;
  /** What the change itself makes worse. */
  readonly worsened: WorsenedByChange;
  /** The stages, in order: every proxy must have all of a stage before the next one begins. Null: none were found. */
  readonly stages: readonly ReportedStage[] | null;
  /** Why no stages were found. Missing if they were. */
  readonly stuck?: PlanWitness;
  /** Changed objects that don't affect connections and can be applied at any time. */
  readonly others: readonly ObjectDifference[];
  /** The facts about injection that the manifests lack, each of which is decided both ways. Missing if there are none. */
  readonly missing?: readonly ExpectedFact[];
  /**
   * What the stages aren't proven for, because workloads declare with annotation `calls.istio-mtls/to` that they make other calls, before
   * and after. Missing if no workload does, or with `--all-calls`: then the stages hold for every call.
   */
  readonly leftOut?: PlanLeftOut;
  /** Workloads that declare fewer calls than before. The stages hold for calls that they no longer declare, too. Missing if none does. */
  readonly narrowed?: readonly ReportedNarrowing[];
}

export function reportedPlan(found: PlanBothWays, objects: ReportedObjects): ReportedPlan {
  const reporter = new PlanReporter(found, objects);
  const isUnjudged = (change: ComparedObject): boolean => UNJUDGED.has(objectOf(change));
  const changes = [...new Set([...found.units.flatMap(({ change }) => change ?? []), ...found.others])];
  return {
    atOnce: { verdict: found.atOnce.verdict, ...reporter.proof(found.atOnce) },
    worsened: redactedValue(found.worsened),
    stages: found.stages?.map((stage) => reporter.stage(stage)) ?? null,
    stuck: reporter.witness(found.stuck, found.stuckIf),
    others: found.others.filter((change) => !isUnjudged(change) && isJudged(change, found)).map((change) => objects.of(change)),
    ...notJudgedIn({ ...found, objects: changes, unjudged: found.others.filter(isUnjudged) }, objects),
    ...reservationsOf(found.cases ?? [found], found.units.length + found.others.length === 0),
    missing: redactedValue(found.missing),
    leftOut: planLeftOut(found),
    ...found.narrowings.length > 0 && { narrowed: reportedNarrowings(found) },
  };
}

/** The temporary version of an object. */
const PASSING = 1;

/** Which changes proxies have, where none matters. */
const NO_CHANGES = { clientHas: [], clientLacks: [], serverHas: [], serverLacks: [] };

class PlanReporter {
  constructor(private readonly found: PlanBothWays, private readonly objects: ReportedObjects) {}

  stage({ moves, verdict, ...proof }: Stage & ProvenIn): ReportedStage {
    const steps = moves.map((move) => this.step(move));
    return { verdict, ...this.proof(proof), steps, waits: waitsOf(steps) };
  }

  proof({ witness, provenIf, witnessIf }: ProvenIn & Pick<Stage, 'witness'>): Pick<ReportedStage, 'if' | 'witness'> {
    return { ...provenIf && { if: redactedValue(provenIf) }, witness: this.witness(witness, witnessIf) };
  }

  witness(witness: StageWitness | undefined, conditions?: readonly Condition[]): PlanWitness | undefined {
    return witness && { ...this.witnessed(witness), ...conditions && { if: redactedValue(conditions) } };
  }

  private witnessed(witness: StageWitness): PlanWitness {
    if (witness.kind === 'too-many') return { kind: witness.kind, ...NO_CHANGES, serverLacks: this.changes(witness.units) };
    if (witness.kind === 'undecided') return this.undecided(witness);
    const { units, serverState } = witness;
    const ofServer = { serverHas: this.changes(units, serverState, true), serverLacks: this.changes(units, serverState, false) };
    if (witness.kind === 'port') {
      const { kind, server, port, mode } = witness;
      return { ...redactedValue({ kind, server: { ...nameOf(server), ...port > 0 && { port } }, mode }), ...NO_CHANGES, ...ofServer };
    }
    const { kind, client, host, port, path, outcome, mode, clientState } = witness;
    return {
      ...redactedValue({
        kind, client: nameOf(client), calls: `${host}:${port}`, server: path.server && nameOf(path.server), outcome, mode,
      }),
      clientHas: this.changes(units, clientState, true),
      clientLacks: this.changes(units, clientState, false),
      ...ofServer,
    };
  }

  private undecided({ kind, connections, servers, facts, units }: Extract<StageWitness, { kind: 'undecided' }>): PlanWitness {
    const redactedFacts = facts.map((fact) => ({ ...fact, subject: redacted(fact.subject) }));
    return { kind, connections, servers, facts: redactedFacts, ...NO_CHANGES, serverLacks: this.changes(units) };
  }

  /** @param isMade whether to list the changes that a state has, or those that it lacks */
  private changes(units: readonly number[], state?: State, isMade = true): readonly ObjectDifference[] {
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
    const conditions = this.found.restartsIf.get(index);
    return {
      action: isRestart ? 'restart' : object ? 'apply' : 'delete',
      version: to === unit.goal ? 'final' : 'passing',
      isRollout: isRollout(unit),
      ...conditions && { if: redactedValue(conditions) },
      ...this.change(unit, from, to),
    };
  }

  private change(unit: ChangeUnit, from: number, to: number): ObjectDifference {
    if (unit.change && from === 0 && to === unit.goal) return this.objects.of(unit.change);
    const [before, after] = [objectIn(unit, from), objectIn(unit, to)];
    return this.objects.of({ before: before ?? (after ? undefined : unit.object), after });
  }
}

/** How many workloads a condition names. */
const NAMED = 3;

/** Whether pods were there before, and are after. */
export function isReplaced({ change }: ObjectDifference): boolean {
  return change === 'changed';
}

/** What to wait for after some steps, before the next stage. */
export function waitsOf(steps: readonly ReportedStep[]): readonly string[] {
  const rolling = steps.filter(({ isRollout: isRolling, action }) => isRolling && action !== 'delete');
  const names = rolling.map(({ object: { kind = '', namespace = '', name = '' } }) => workloadText({ kind, namespace, name }));
  return [
    ...rolling.length > 0
      ? [`the rollout of ${firstTexts(names, NAMED)} is done${rolling.some(isReplaced) ? ' and no old pods are left' : ''}`]
      : [],
    'istioctl proxy-status shows every proxy, none of them STALE',
  ];
}
