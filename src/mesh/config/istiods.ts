import { ControlPlaneFacts, DEFAULT_REVISION, IstiodEnv, revisionOfConfigMap } from './control-plane-facts';
import { ISTIO_MINOR, minorOf } from './istio-version';
import { BEHAVIOUR_NAMES, BehaviourName, BEHAVIOURS, isChanged, missingIn, versionNote } from './istiod-behaviours';
import { REVISION } from './revision-tags';
import { ISTIO_KINDS, Inventory } from '../objects/inventory';
import { MeshObject, readObject } from '../objects/mesh-object';
import { idOf, ObjectId, OWN_CLUSTER } from '../objects/object-id';
import { Shape, shape, shapes, text } from '../objects/shape';

/** The name of istiod's container. */
const CONTAINER = 'discovery';

const IN_CONTAINER = `spec.template.spec.containers[${CONTAINER}]`;

/** Where istiod runs, unless somebody says otherwise. */
const USUAL_NAMESPACE = 'istio-system';

/** What makes an istiod decide otherwise. */
export interface Change {
  readonly flag?: string;
  /** Where istiod's Deployment says it. */
  readonly field: string;
  /** What it says, and what istiod does then. */
  readonly effect: string;
}

/** What one istiod decides otherwise than the one that is modelled, by whatever it is told besides its mesh config. */
export interface IstiodSettings {
  readonly deployment: ObjectId;
  readonly changes: ReadonlyMap<BehaviourName, Change>;
  /** A flag of which nobody knows the value, hence not how istiod decides. */
  readonly unknown?: Change;
}

/** What an istiod's selectors find. */
export function selectingBy({ changes }: IstiodSettings): { readonly selectMachines: boolean; readonly selectPods: boolean } {
  return { selectMachines: !changes.has('selectMachines'), selectPods: !changes.has('selectPods') };
}

/** What is said of how an istiod is run. */
interface Run {
  readonly deployment?: ObjectId;
  readonly env: IstiodEnv;
  readonly version?: string;
}

/** How the istiods of a mesh are run, one a revision. What their Deployments say counts before what is told. */
export class Istiods {
  static of(objects: Inventory, facts: ControlPlaneFacts): Istiods {
    const { istiodNamespace, istioVersion, istiodEnv, meshConfigs = [] } = facts;
    const runs = new Map<string, Run>();
    for (const { manifest, env, version } of meshConfigs) {
      const revision = revisionOfConfigMap(readObject(manifest)!.name)!;
      if (!runs.has(revision) && (env || version)) runs.set(revision, { env: { ...env, ...istiodEnv }, version: istioVersion ?? version });
    }
    const told: Run = { env: istiodEnv ?? {}, version: istioVersion };
    const deployments = objects.of('Deployment.apps').filter(({ name, namespace }) => NAME.test(name) && namespace === (istiodNamespace ?? namespace));
    for (const deployment of deployments) {
      const revision = deployment.labels[REVISION] ?? NAME.exec(deployment.name)![1] ?? DEFAULT_REVISION;
      runs.set(revision, runOf(deployment, runs.get(revision) ?? told));
    }
    return new Istiods(runs, told, objects, istiodNamespace ?? USUAL_NAMESPACE);
  }

  private readonly byRevision = new Map<string, IstiodSettings>();
  private readonly byKey = new Map<string, IstiodSettings>();

  private constructor(
    private readonly runs: ReadonlyMap<string, Run>, private readonly told: Run,
    private readonly objects: Inventory, private readonly namespace: string,
  ) {}

  /** A revision of whose istiod nothing is said is run as the default one, or the only one of which something is. */
  of(revision: string): IstiodSettings {
    let found = this.byRevision.get(revision);
    if (!found) this.byRevision.set(revision, found = this.known(this.settingsOf(revision)));
    return found;
  }

  /** What to know of them besides what is decided, a sentence each. */
  get notes(): readonly string[] {
    const runs = this.runs.size === 0 ? [this.told] : [...this.runs.values()];
    const minors = new Set(runs.flatMap(({ version }) => (version === undefined ? [] : [minorOf(version)!])));
    const settings = (this.runs.size === 0 ? [DEFAULT_REVISION] : [...this.runs.keys()]).map((revision) => this.of(revision));
    const unclear = settings.flatMap(({ unknown }) => (unknown ? [`istiod's ${unknown.flag} ${unknown.effect}; nothing is decided`] : []));
    const flags = settings.flatMap(({ changes }) => [...changes])
      .flatMap(([name, { flag, effect }]) => (flag && BEHAVIOURS[name].then === 'undecided' ? [`istiod's ${flag} ${effect}; calls that this may touch are undecided`] : []));
    return [...[...minors].filter((minor) => minor !== ISTIO_MINOR).map(versionNote), ...new Set([...unclear, ...flags])];
  }

  private settingsOf(revision: string): IstiodSettings {
    const [only] = this.runs.size === 1 ? this.runs.values() : [];
    const { deployment, env, version } = this.runs.get(revision) ?? this.runs.get(DEFAULT_REVISION) ?? only ?? this.told;
    const minor = version === undefined ? ISTIO_MINOR : minorOf(version)!;
    const missing = new Set(missingIn(minor));
    const changes = BEHAVIOUR_NAMES.flatMap((name): readonly (readonly [BehaviourName, Change])[] => {
      const change = changeOf(name, env, missing.has(name) ? minor : undefined);
      return change && (name !== 'ignoreKinds' || ignoresAny(this.objects, env)) ? [[name, change]] : [];
    });
    const name = revision === DEFAULT_REVISION ? 'istiod' : `istiod-${revision}`;
    return { deployment: deployment ?? { cluster: OWN_CLUSTER, group: 'apps', kind: 'Deployment', namespace: this.namespace, name }, changes: new Map(changes), unknown: unknownIn(env) };
  }

  /** Istiods that decide alike are one. */
  private known(settings: IstiodSettings): IstiodSettings {
    const key = settings.changes.size === 0 && !settings.unknown ? '' : JSON.stringify([settings.deployment, settings.unknown, ...settings.changes]);
    if (!this.byKey.has(key)) this.byKey.set(key, settings);
    return this.byKey.get(key)!;
  }
}

const NAME = /^istiod(?:-(.+))?$/;

/** @param minor the istiod's, if it doesn't decide so yet */
function changeOf(name: BehaviourName, env: Run['env'], minor: string | undefined): Change | undefined {
  const behaviour = BEHAVIOURS[name];
  const { flag, otherwise } = behaviour;
  if (flag !== undefined && Object.hasOwn(env, flag)) {
    const value = env[flag];
    return value !== undefined && isChanged(behaviour, value) ? { flag, field: `${IN_CONTAINER}.env[${flag}]`, effect: `is ${JSON.stringify(value)}: ${otherwise}` } : undefined;
  }
  return minor === undefined ? undefined : { field: `${IN_CONTAINER}.image`, effect: `is ${minor}: ${otherwise}` };
}

/** The first flag that changes answers, and of which nobody knows the value. */
function unknownIn(env: IstiodEnv): Change | undefined {
  const name = BEHAVIOUR_NAMES.find((one) => {
    const { flag, then } = BEHAVIOURS[one];
    return then !== 'told' && flag !== undefined && Object.hasOwn(env, flag) && env[flag] === undefined;
  });
  if (name === undefined) return undefined;
  const { flag, otherwise } = BEHAVIOURS[name];
  return { flag, field: `${IN_CONTAINER}.env[${flag}]`, effect: `is set to what the manifests don't hold: perhaps ${otherwise}` };
}

function runOf(deployment: MeshObject, told: Run): Run {
  const containers = shapes(shape(shape(deployment.spec.template).spec).containers).filter(({ name }) => name === CONTAINER);
  const tags = containers.flatMap(({ image }) => /:([^:/@]+)(?:@.*)?$/.exec(text(image) ?? '')?.[1] ?? []);
  return {
    deployment: idOf(deployment),
    env: containers.reduce<IstiodEnv>((env, container) => ({ ...env, ...variablesOf(container, env) }), told.env),
    version: tags.find((tag) => minorOf(tag) !== undefined) ?? told.version,
  };
}

/** @param told what is told besides: it counts where the manifests don't hold a value */
function variablesOf({ env, envFrom }: Shape, told: IstiodEnv): IstiodEnv {
  const flags = shapes(envFrom).length > 0 ? BEHAVIOUR_NAMES.flatMap((name) => BEHAVIOURS[name].flag ?? []) : [];
  const ofOthers = flags.map((flag) => [flag, told[flag]] as const);
  const own = shapes(env).flatMap(({ name, value, valueFrom }) => {
    const [flag, said] = [text(name), text(value)];
    if (flag === undefined || (said === undefined && valueFrom === undefined)) return [];
    return [[flag, said ?? told[flag]] as const];
  });
  return Object.fromEntries([...ofOthers, ...own]);
}

/** Whether there are objects of a kind that istiod leaves out: `PILOT_IGNORE_RESOURCES`, but for `PILOT_INCLUDE_RESOURCES`. */
function ignoresAny(objects: Inventory, { PILOT_IGNORE_RESOURCES: ignored = '', PILOT_INCLUDE_RESOURCES: included = '' }: Run['env']): boolean {
  return [...ISTIO_KINDS].some((kind) => {
    const [object] = objects.of(kind);
    const crd = object && `${kind.toLowerCase().replace(/y$/, 'ie')}s.${object.group}`;
    return crd !== undefined && isListed(crd, ignored) && !isListed(crd, included);
  });
}

/** Names of CRDs with commas between them; `*.` stands for whatever ends so. */
function isListed(crd: string, list: string): boolean {
  return list.split(',').map((entry) => entry.trim()).some((entry) => (entry.startsWith('*.') ? crd.endsWith(entry.slice(2)) : crd === entry));
}
