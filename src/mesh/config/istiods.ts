import { ControlPlaneFacts, DEFAULT_REVISION, IstiodEnv, revisionOfConfigMap } from './control-plane-facts';
import { REVISION } from './revisions';
import { isBefore, ISTIO_MINOR, minorOf } from '../../manifests/istio-minor';
import { booleanText, Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { ISTIO_KINDS, Inventory } from '../inventory/inventory';
import { MeshObject, readObject, idOf, ObjectId, OWN_CLUSTER } from '../inventory/object';

export { isBefore, ISTIO_MINOR, minorOf };

/** A behaviour of istiod that changed between versions, or that a flag changes. */
interface Behaviour {
  /** The environment variable that changes it, if the modelled minor has one. */
  readonly flag?: string;
  /** The variable's default; if that is an empty text, the variable isn't read as a boolean. */
  readonly usual?: boolean | '';
  /** The first minor with this behaviour; undefined: one before all that are listed here. */
  readonly since?: string;
  /** The alternative behaviour. */
  readonly otherwise: string;
  /** `modelled`: the model covers it. `undecided`: calls that it may affect are undecided. `told`: it changes no outcome. */
  readonly then: 'modelled' | 'undecided' | 'told';
}

/** The behaviours that matter here, the newest first; docs/istio-versions.md has the sources, and says why other flags don't matter. */
const TABLE = {
  pickBestService: { flag: 'PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE', usual: true, since: '1.30', then: 'modelled', otherwise: 'for a host in several namespaces, a route leads to the first visible namespace in alphabetical order' },
  mergeByExportTo: { flag: 'ENABLE_ENHANCED_DESTINATIONRULE_MERGE', usual: true, since: '1.24', then: 'modelled', otherwise: 'it merges DestinationRules for the same host regardless of exportTo' },
  preferRules: { flag: 'PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES', usual: true, since: '1.24', then: 'undecided', otherwise: 'certificates in a proxy\'s metadata take precedence over those of a DestinationRule for MESH_EXTERNAL hosts' },
  unifySidecars: { flag: 'PILOT_UNIFIED_SIDECAR_SCOPE', usual: true, since: '1.24', then: 'told', otherwise: 'for a host that objects in several namespaces define, proxies with a Sidecar may use another object than those without' },
  sendSni: { since: '1.21', then: 'told', otherwise: 'SIMPLE and MUTUAL without sni send no server name' },
  verifyByDefault: { since: '1.21', then: 'told', otherwise: 'SIMPLE and MUTUAL without caCertificates verify no certificate' },
  aliasNames: { since: '1.21', then: 'undecided', otherwise: 'an ExternalName is a service of its own, not a name of the service behind it' },
  selectMachines: { flag: 'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES', usual: true, then: 'modelled', otherwise: 'Services don\'t select WorkloadEntries' },
  selectPods: { flag: 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', usual: true, then: 'modelled', otherwise: 'ServiceEntries don\'t select pods' },
  listHeadless: { flag: 'PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES', usual: false, then: 'undecided', otherwise: 'calls to a headless Service may end at any of its pods' },
  mergeIngress: { flag: 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE', usual: false, then: 'undecided', otherwise: 'ports that a Sidecar\'s ingress omits are served as the Services define them' },
  ingressTls: { flag: 'ENABLE_TLS_ON_SIDECAR_INGRESS', usual: false, then: 'undecided', otherwise: 'the tls settings of a Sidecar\'s ingress apply' },
  dualStack: { flag: 'ISTIO_DUAL_STACK', usual: false, then: 'undecided', otherwise: 'services have addresses of both families' },
  ambient: { flag: 'PILOT_ENABLE_AMBIENT', usual: false, then: 'undecided', otherwise: 'services have addresses of both families' },
  preferHbone: { flag: 'PILOT_PREFER_SENDING_HBONE', usual: false, then: 'undecided', otherwise: 'sidecars may reach each other through HBONE' },
  redisFilter: { flag: 'PILOT_ENABLE_REDIS_FILTER', usual: false, then: 'undecided', otherwise: 'a filter that answers only Redis handles calls to Redis ports' },
  mcsHosts: { flag: 'ENABLE_MCS_HOST', usual: false, then: 'undecided', otherwise: 'exported services have hosts in clusterset.local' },
  inject: { flag: 'INJECT_ENABLED', usual: true, then: 'undecided', otherwise: 'it injects no sidecars' },
  ignoreKinds: { flag: 'PILOT_IGNORE_RESOURCES', usual: '', then: 'undecided', otherwise: 'it doesn\'t read some kinds of objects' },
  watchOneNamespace: { flag: 'ISTIO_WATCH_NAMESPACE', usual: '', then: 'undecided', otherwise: 'it reads the objects of one namespace' },
  shareMeshConfig: { flag: 'SHARED_MESH_CONFIG', usual: '', then: 'undecided', otherwise: 'another ConfigMap adds to the mesh config' },
} satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourName = keyof typeof TABLE;

export const BEHAVIOURS: Readonly<Record<BehaviourName, Behaviour>> = TABLE;

export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as readonly BehaviourName[];

/** What istiod does differently with a variable's value; an invalid boolean has no effect. */
export function isChanged({ usual }: Behaviour, value: string): boolean {
  return usual === '' ? value !== '' : (booleanText(value) ?? usual) !== usual;
}

/** The behaviours that a minor doesn't have yet. */
function missingIn(minor: string): readonly BehaviourName[] {
  return BEHAVIOUR_NAMES.filter((name) => {
    const { since } = BEHAVIOURS[name];
    return since !== undefined && isBefore(minor, since);
  });
}

/** The variables with which Istio's chart makes istiod behave like an earlier minor (`compatibilityVersion`), as far as they matter here. */
export function compatibilityFlags(minor: string): Readonly<Record<string, string>> {
  return Object.fromEntries(missingIn(minor).flatMap((name) => {
    const { flag, usual } = BEHAVIOURS[name];
    return flag ? [[flag, String(!usual)]] : [];
  }));
}

/** What to know about an istiod of another minor, in a sentence. */
export function versionNote(minor: string): string {
  const known = missingIn(minor).map((name) => BEHAVIOURS[name].otherwise);
  const differences = known.length > 0 ? `there, ${known.join('; ')}`
    : isBefore(ISTIO_MINOR, minor) ? 'its differences aren\'t known' : 'no known difference changes these results';
  return `Istio ${ISTIO_MINOR} is modelled, and istiod is ${minor}: ${differences} (docs/istio-versions.md)`;
}

/** The name of istiod's container. */
const CONTAINER = 'discovery';

const IN_CONTAINER = `spec.template.spec.containers[${CONTAINER}]`;

/** istiod's namespace by default. */
const USUAL_NAMESPACE = 'istio-system';

/** What makes an istiod decide differently. */
export interface Change {
  readonly flag?: string;
  /** Where istiod's Deployment sets it. */
  readonly field: string;
  /** The setting, and its effect on istiod. */
  readonly effect: string;
}

/** What one istiod decides differently from the modelled one, by all of its settings besides the mesh config. */
export interface IstiodSettings {
  readonly deployment: ObjectId;
  readonly changes: ReadonlyMap<BehaviourName, Change>;
  /** A flag with an unknown value, so that istiod's decisions aren't known. */
  readonly unknown?: Change;
  readonly alpn: OfferedAlpn;
}

/** What istiod makes clients send about themselves within mutual TLS, which changes no outcome: servers accept all of it. */
interface OfferedAlpn {
  /** Whether they offer to exchange metadata. */
  readonly exchange: boolean;
  /** Whether a filter makes them announce their HTTP version. */
  readonly http: boolean;
}

/** What an istiod's selectors select. */
export function selectingBy({ changes }: IstiodSettings): { readonly selectMachines: boolean; readonly selectPods: boolean } {
  return { selectMachines: !changes.has('selectMachines'), selectPods: !changes.has('selectPods') };
}

/** How an istiod is run. */
interface Run {
  readonly deployment?: ObjectId;
  readonly env: IstiodEnv;
  readonly version?: string;
}

/** How the istiods of a mesh are run, one per revision. Their Deployments take precedence over given facts. */
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

  /** A revision whose istiod isn't known is treated like the default one, or the only known one. */
  of(revision: string): IstiodSettings {
    let found = this.byRevision.get(revision);
    if (!found) this.byRevision.set(revision, found = this.known(this.settingsOf(revision)));
    return found;
  }

  /** What to know about them besides what is decided, one sentence each. */
  get notes(): readonly string[] {
    const runs = this.runs.size === 0 ? [this.told] : [...this.runs.values()];
    const minors = new Set(runs.flatMap(({ version }) => (version === undefined ? [] : [minorOf(version)!])));
    const settings = (this.runs.size === 0 ? [DEFAULT_REVISION] : [...this.runs.keys()]).map((revision) => this.of(revision));
    const unclear = settings.flatMap(({ unknown }) => (unknown ? [`istiod's ${unknown.flag} ${unknown.effect}; nothing is decided`] : []));
    const flags = settings.flatMap(({ changes }) => [...changes])
      .flatMap(([name, { flag, effect }]) => (flag && BEHAVIOURS[name].then === 'undecided' ? [`istiod's ${flag} ${effect}; calls that this may affect are undecided`] : []));
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
    return { deployment: deployment ?? { cluster: OWN_CLUSTER, group: 'apps', kind: 'Deployment', namespace: this.namespace, name }, changes: new Map(changes), unknown: unknownIn(env), alpn: alpnUnder(env) };
  }

  /** Istiods that decide alike share one. */
  private known(settings: IstiodSettings): IstiodSettings {
    const key = settings.changes.size === 0 && !settings.unknown && settings.alpn === USUAL_ALPN ? ''
      : JSON.stringify([settings.deployment, settings.unknown, settings.alpn, ...settings.changes]);
    if (!this.byKey.has(key)) this.byKey.set(key, settings);
    return this.byKey.get(key)!;
  }
}

const NAME = /^istiod(?:-(.+))?$/;

const USUAL_ALPN: OfferedAlpn = Object.freeze({ exchange: true, http: true });

function alpnUnder(env: IstiodEnv): OfferedAlpn {
  const isOn = (flag: string, usual: boolean): boolean => booleanText(env[flag] ?? '') ?? usual;
  const exchange = isOn('PILOT_ENABLE_METADATA_EXCHANGE', true) && !isOn('PILOT_DISABLE_MX_ALPN', false);
  const http = isOn('PILOT_ENABLE_ALPN_FILTER', true);
  return exchange && http ? USUAL_ALPN : { exchange, http };
}

/** @param minor the istiod's, if it doesn't behave so yet */
function changeOf(name: BehaviourName, env: Run['env'], minor: string | undefined): Change | undefined {
  const behaviour = BEHAVIOURS[name];
  const { flag, otherwise } = behaviour;
  if (flag !== undefined && Object.hasOwn(env, flag)) {
    const value = env[flag];
    return value !== undefined && isChanged(behaviour, value) ? { flag, field: `${IN_CONTAINER}.env[${flag}]`, effect: `is ${JSON.stringify(value)}: ${otherwise}` } : undefined;
  }
  return minor === undefined ? undefined : { field: `${IN_CONTAINER}.image`, effect: `is ${minor}: ${otherwise}` };
}

/** The first flag that changes results and whose value isn't known. */
function unknownIn(env: IstiodEnv): Change | undefined {
  const name = BEHAVIOUR_NAMES.find((one) => {
    const { flag, then } = BEHAVIOURS[one];
    return then !== 'told' && flag !== undefined && Object.hasOwn(env, flag) && env[flag] === undefined;
  });
  if (name === undefined) return undefined;
  const { flag, otherwise } = BEHAVIOURS[name];
  return { flag, field: `${IN_CONTAINER}.env[${flag}]`, effect: `is set to a value that the manifests don't contain: perhaps ${otherwise}` };
}

function runOf(deployment: MeshObject, told: Run): Run {
  const containers = mappings(mapping(mapping(deployment.spec.template).spec).containers).filter(({ name }) => name === CONTAINER);
  const tags = containers.flatMap(({ image }) => /:([^:/@]+)(?:@.*)?$/.exec(text(image) ?? '')?.[1] ?? []);
  return {
    deployment: idOf(deployment),
    env: containers.reduce<IstiodEnv>((env, container) => ({ ...env, ...variablesOf(container, env) }), told.env),
    version: tags.find((tag) => minorOf(tag) !== undefined) ?? told.version,
  };
}

/** @param told given values, which apply if the manifests don't contain one */
function variablesOf({ env, envFrom }: Mapping, told: IstiodEnv): IstiodEnv {
  const flags = mappings(envFrom).length > 0 ? BEHAVIOUR_NAMES.flatMap((name) => BEHAVIOURS[name].flag ?? []) : [];
  const ofOthers = flags.map((flag) => [flag, told[flag]] as const);
  const own = mappings(env).flatMap(({ name, value, valueFrom }) => {
    const [flag, said] = [text(name), text(value)];
    if (flag === undefined || (said === undefined && valueFrom === undefined)) return [];
    return [[flag, said ?? told[flag]] as const];
  });
  return Object.fromEntries([...ofOthers, ...own]);
}

/** Whether there are objects of a kind that istiod ignores: `PILOT_IGNORE_RESOURCES`, except for `PILOT_INCLUDE_RESOURCES`. */
function ignoresAny(objects: Inventory, { PILOT_IGNORE_RESOURCES: ignored = '', PILOT_INCLUDE_RESOURCES: included = '' }: Run['env']): boolean {
  return [...ISTIO_KINDS].some((kind) => {
    const [object] = objects.of(kind);
    const crd = object && `${kind.toLowerCase().replace(/y$/, 'ie')}s.${object.group}`;
    return crd !== undefined && isListed(crd, ignored) && !isListed(crd, included);
  });
}

/** Names of CRDs separated by commas; `*.` stands for any name with that suffix. */
function isListed(crd: string, list: string): boolean {
  return list.split(',').map((entry) => entry.trim()).some((entry) => (entry.startsWith('*.') ? crd.endsWith(entry.slice(2)) : crd === entry));
}
