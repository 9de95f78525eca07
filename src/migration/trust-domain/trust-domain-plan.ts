import { changedLists, ChangedList, Moment, refusedCertificates, unmetDemands, UnmetDemand } from './checks';
import { faultsOf } from './faults';
import { Leftover, leftoversIn, withNames } from './names';
import { NamedFor, Renaming } from './principals';
import { Trust, trustIn, withTrust } from './trust';
import { changed, valueAt } from '../../findings/finding';
import { RunningIstioCsr, istioCsrs, signingIstiods } from '../../mesh/certificates/workload-ca';
import { EffectiveMeshConfig } from '../../mesh/config/mesh-config';
import { isOf, KIND } from '../../mesh/inventory/kinds';
import { idKey, MeshObject } from '../../mesh/inventory/object';
import { Mesh } from '../../mesh/mesh';
import { MeshStates } from '../../mesh/plan/change-unit';
import { ChangePlan } from '../../mesh/plan/stages';
import { SAFE, StageVerdict } from '../../mesh/plan/verdict';
import { PlanBothWays, planBothWays } from '../../mesh/worlds/plan-both-ways';

/** The stages from one trust domain to another, in order; each is a safe place to stop. */
const TRUST_DOMAIN_STAGES = ['know-both', 'take-new', 'name-new', 'forget-old'] as const;

export type TrustDomainStageName = typeof TRUST_DOMAIN_STAGES[number];

/** What isn't proven about a stage, in addition to its plan. */
interface Doubts extends DoubtsOfNames {
  /** The number of connections that are broken or plaintext at the end of the stage, and were better before. */
  readonly worsened: PlanBothWays['worsened'];
}

/** What isn't proven of the names in a stage. */
interface DoubtsOfNames {
  /** Those of any case. */
  readonly unmet: readonly UnmetDemand[];
  readonly lists: readonly ChangedList[];
  /** Trust domains of certificates that some server rejects. */
  readonly refused: readonly string[];
}

export interface TrustDomainStage {
  readonly stage: TrustDomainStageName;
  readonly plan: PlanBothWays;
  readonly doubts: Doubts;
  /** The mesh config after the stage. */
  readonly trust: Trust;
}

/** The issuers of the mesh's certificates. */
interface Signers {
  /** Whether an istiod issues certificates. */
  readonly isIstiod: boolean;
  readonly istioCsrs: readonly MeshObject[];
  /** Issuers whose trust domain comes from a variable. */
  readonly unclear: readonly MeshObject[];
}

/** The migration from one trust domain to another. */
export interface TrustDomainPlan extends Renaming {
  /** Why there is no plan, in sentences; if there are any, there are no stages. */
  readonly faults: readonly string[];
  /** The stages that change something. */
  readonly stages: readonly TrustDomainStage[];
  /** Fields that still have the old trust domain in the end. */
  readonly leftovers: readonly Leftover[];
  readonly signers: Signers;
  /** The namespaces of the istiods. */
  readonly namespaces: readonly string[];
}

/** Finds the stages from one trust domain to another. */
export function trustDomainPlan(mesh: Mesh, to: string): TrustDomainPlan {
  const configs = configsOf(mesh);
  const faults = faultsOf(mesh, configs, to);
  const renaming = { from: configs[0].trustDomain, to };
  const csrs = istioCsrs(mesh);
  const plan = {
    ...renaming,
    signers: {
      isIstiod: signsItself(mesh),
      istioCsrs: csrs.map(({ deployment }) => deployment),
      unclear: csrs.filter(({ trustDomain }) => trustDomain === undefined).map(({ deployment }) => deployment),
    },
    namespaces: [...new Set(configs.flatMap(({ object }) => object?.namespace ?? []))],
  };
  if (faults.length > 0) return { ...plan, faults, stages: [], leftovers: [] };
  const way = new Way(mesh, renaming, configs);
  const stages = TRUST_DOMAIN_STAGES.map((stage) => way.stage(stage));
  const isStage = ({ plan: { units, others } }: TrustDomainStage): boolean => units.length + others.length > 0;
  return { ...plan, faults: [], stages: stages.filter(isStage), leftovers: way.leftovers() };
}

/** The mesh configs of all istiods, each once. */
function configsOf({ configs, planes, revisions }: Mesh): readonly EffectiveMeshConfig[] {
  const known = [...configs.revisions].map((revision) => configs.of(revision));
  return [...new Set(known.length > 0 ? known : [...planes.inUse(revisions).keys()].map(({ config }) => config))];
}

/** Whether istiod signs; assumed if unknown. */
function signsItself(mesh: Mesh): boolean {
  const istiods = signingIstiods(mesh);
  return istiods.length === 0 ? istioCsrs(mesh).length === 0 : istiods.some(({ signs }) => signs !== false);
}

/** The states of a mesh during the migration. */
class Way {
  private at: Mesh;
  private readonly start: Mesh;
  private readonly startTrusts: readonly Trust[];
  /** The initial mesh config of each istiod, by its ConfigMap's id. */
  private readonly trusts: ReadonlyMap<string, Trust>;
  /** The istio-csrs that sign for the old trust domain, by their Deployments' ids. */
  private readonly istioCsrs: ReadonlyMap<string, RunningIstioCsr>;

  constructor(mesh: Mesh, private readonly renaming: Renaming, configs: readonly EffectiveMeshConfig[]) {
    [this.at, this.start] = [mesh, mesh];
    this.startTrusts = configs.map(trustIn);
    this.trusts = new Map(configs.map((config) => [idKey(config.object!), trustIn(config)]));
    this.istioCsrs = new Map(istioCsrs(mesh).filter(({ trustDomain }) => trustDomain === renaming.from)
      .map((csr) => [idKey(csr.deployment), csr]));
  }

  stage(stage: TrustDomainStageName): TrustDomainStage {
    const before = this.at;
    const namedFor = NAMED_FOR[stage];
    const unread = [...before.objects.unread.values()].map(({ source }) => source);
    const sources = [...[...before.objects.all()].map((object) => this.next(object, stage, namedFor)), ...unread];
    const known = new Map<Mesh, DoubtsOfNames>();
    const doubtsIn = ({ before: former, after }: MeshStates): DoubtsOfNames => {
      const found = known.get(after) ?? this.doubts({ meshes: [former, after], certificates: this.certificates(stage) });
      known.set(after, found);
      return found;
    };
    const verdict = (checked: StageVerdict, one: ChangePlan): StageVerdict => provenByNames(checked, one, doubtsIn(one));
    const plan = planBothWays(before, sources, { prefersAtOnce: true, verdict });
    this.at = plan.after;
    const cases = (plan.cases ?? [plan]).map(doubtsIn);
    const unmet = new Map(cases.flatMap((one) => one.unmet.map((demand) => [JSON.stringify(demand), demand])));
    const doubts = { ...cases[0], unmet: [...unmet.values()], worsened: plan.worsened };
    return { stage, plan, doubts, trust: this.trustAfter(stage, this.startTrusts[0]) };
  }

  leftovers(): readonly Leftover[] {
    return [...this.at.objects.all()].flatMap((object) => leftoversIn(object, this.renaming.from));
  }

  private next(object: MeshObject, stage: TrustDomainStageName, namedFor: NamedFor | undefined): object {
    const trust = this.trusts.get(idKey(object));
    if (trust && stage !== 'name-new') return withTrust(object, this.trustAfter(stage, trust));
    const csr = stage === 'take-new' ? this.istioCsrs.get(idKey(object)) : undefined;
    if (csr) return signingFor(csr, this.renaming.to);
    return namedFor ? withNames(object, this.renaming, namedFor) : object.source;
  }

  /** The mesh config after a stage. */
  private trustAfter(stage: TrustDomainStageName, { aliases }: Trust): Trust {
    const { from, to } = this.renaming;
    const others = aliases.filter((alias) => alias !== from && alias !== to);
    switch (stage) {
      case 'know-both': return { trustDomain: from, aliases: aliases.includes(to) ? aliases : [...aliases, to] };
      case 'forget-old': return { trustDomain: to, aliases: others };
      default: return { trustDomain: to, aliases: [from, ...others] };
    }
  }

  private certificates(stage: TrustDomainStageName): readonly string[] {
    const { from, to } = this.renaming;
    return stage === 'know-both' ? [from] : stage === 'take-new' ? [from, to] : [to];
  }

  private doubts(moment: Omit<Moment, 'trusts'>): DoubtsOfNames {
    const [former, latter] = moment.meshes.map((mesh) => configsOf(mesh).map(trustIn));
    const moments = former.map((trust, index): Moment => ({ ...moment, trusts: [trust, latter[index]] }));
    const lists = moments.flatMap((one, index) => changedLists(this.start, this.startTrusts[index], one));
    return {
      unmet: unmetDemands(moments[0]),
      lists: [...new Map(lists.map((list) => [`${idKey(list.policy)} ${list.field.join()}`, list])).values()],
      refused: [...new Set(moments.flatMap(refusedCertificates))],
    };
  }
}

/** The state that each stage writes names for. */
const NAMED_FOR: Readonly<Partial<Record<TrustDomainStageName, NamedFor>>> = { 'know-both': 'both', 'name-new': 'new' };

/** The Deployment of an istio-csr, with another trust domain. */
function signingFor({ deployment, field }: RunningIstioCsr, trustDomain: string): object {
  const at = field[field.length - 1];
  const path = typeof at === 'number' ? field.slice(0, -1) : field;
  const args = (valueAt(deployment.source, path) ?? []) as readonly unknown[];
  const argument = `--trust-domain=${trustDomain}`;
  if (typeof at !== 'number') return changed(deployment.source, [{ op: 'set', path, value: [...args, argument] }]);
  const isOne = String(args[at]).includes('=');
  return changed(deployment.source, [{ op: 'set', path: [...path, isOne ? at : at + 1], value: isOne ? argument : trustDomain }]);
}

/**
 * If a stage has too many states to check each, its names alone prove it: nothing else
 * differs. A mesh config's trust domain only changes names, on undecided connections too.
 */
function provenByNames(checked: StageVerdict, { units }: ChangePlan, { unmet, refused }: DoubtsOfNames): StageVerdict {
  const { witness } = checked;
  const isByNames = witness?.kind === 'too-many'
    || (witness?.kind === 'undecided' && witness.units.every((unit) => isOf(units[unit].object, KIND.ConfigMap)));
  return isByNames && unmet.length + refused.length === 0 ? SAFE : checked;
}

/** Whether a stage is fully proven. */
export function isProven({ plan: { stages }, doubts }: TrustDomainStage): boolean {
  const { unmet, lists, refused, worsened: { broken, plaintext } } = doubts;
  return stages !== undefined && stages.every(({ verdict }) => verdict === 'safe')
    && unmet.length + lists.length + refused.length + broken + plaintext === 0;
}
