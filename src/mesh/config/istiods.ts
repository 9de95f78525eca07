import { ControlPlaneFacts, DEFAULT_REVISION, revisionOfConfigMap } from './control-plane-facts';
import { ISTIO_MINOR, minorOf } from './istio-version';
import { BEHAVIOUR_NAMES, BehaviourName, BEHAVIOURS, isChanged, missingIn, versionNote } from './istiod-behaviours';
import { REVISION } from './revision-tags';
import { MeshObject, nameOf, ObjectName, readObject } from '../objects/mesh-object';
import { ISTIO_KINDS, Objects } from '../objects/objects';
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
  readonly deployment: ObjectName;
  readonly changes: ReadonlyMap<BehaviourName, Change>;
}

/** What an istiod's selectors find. */
export function selectingBy({ changes }: IstiodSettings): { readonly selectMachines: boolean; readonly selectPods: boolean } {
  return { selectMachines: !changes.has('selectMachines'), selectPods: !changes.has('selectPods') };
}

/** What is said of how an istiod is run. */
interface Run {
  readonly deployment?: ObjectName;
  readonly env: Readonly<Record<string, string>>;
  readonly version?: string;
}

/** How the istiods of a mesh are run, one a revision. What their Deployments say counts before what is told. */
export class Istiods {
  static of(objects: Objects, facts: ControlPlaneFacts): Istiods {
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
    private readonly objects: Objects, private readonly namespace: string,
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
    const flags = [...this.runs.size === 0 ? [DEFAULT_REVISION] : this.runs.keys()].flatMap((revision) => [...this.of(revision).changes])
      .flatMap(([name, { flag, effect }]) => (flag && BEHAVIOURS[name].then === 'undecided' ? [`istiod's ${flag} ${effect}; calls that this may touch are undecided`] : []));
    return [...[...minors].filter((minor) => minor !== ISTIO_MINOR).map(versionNote), ...new Set(flags)];
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
    return { deployment: deployment ?? { kind: 'Deployment', namespace: this.namespace, name }, changes: new Map(changes) };
  }

  /** Istiods that decide alike are one. */
  private known(settings: IstiodSettings): IstiodSettings {
    const key = settings.changes.size === 0 ? '' : JSON.stringify([settings.deployment, ...settings.changes]);
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
    return isChanged(behaviour, env[flag]) ? { flag, field: `${IN_CONTAINER}.env[${flag}]`, effect: `is ${JSON.stringify(env[flag])}: ${otherwise}` } : undefined;
  }
  return minor === undefined ? undefined : { field: `${IN_CONTAINER}.image`, effect: `is ${minor}: ${otherwise}` };
}

function runOf(deployment: MeshObject, told: Run): Run {
  const containers = shapes(shape(shape(deployment.spec.template).spec).containers).filter(({ name }) => name === CONTAINER);
  const tags = containers.flatMap(({ image }) => /:([^:/@]+)(?:@.*)?$/.exec(text(image) ?? '')?.[1] ?? []);
  return {
    deployment: nameOf(deployment),
    env: { ...told.env, ...Object.fromEntries(containers.flatMap(({ env }) => variables(shapes(env)))) },
    version: tags.find((tag) => minorOf(tag) !== undefined) ?? told.version,
  };
}

function variables(env: readonly Shape[]): readonly (readonly [string, string])[] {
  return env.flatMap(({ name, value }) => {
    const [flag, said] = [text(name), text(value)];
    return flag === undefined || said === undefined ? [] : [[flag, said] as const];
  });
}

/** Whether there are objects of a kind that istiod leaves out: `PILOT_IGNORE_RESOURCES`, but for `PILOT_INCLUDE_RESOURCES`. */
function ignoresAny(objects: Objects, { PILOT_IGNORE_RESOURCES: ignored, PILOT_INCLUDE_RESOURCES: included = '' }: Run['env']): boolean {
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
