import { ControlPlaneFacts, DEFAULT_REVISION, IstiodEnv, revisionOfConfigMap } from './control-plane-facts';
import { CONTAINER, containersOf, ISTIOD_NAME, versionOf } from './istiod-deployment';
import { REVISION } from './revisions';
import { isBefore, ISTIO_MINOR, minorOf } from '../../manifests/istio-minor';
import { booleanText, Mapping, mappings, text } from '../../manifests/mapping';
import { Inventory } from '../inventory/inventory';
import { ISTIO_KINDS, KIND } from '../inventory/kinds';
import { MeshObject, readObject, idOf, ObjectId, OWN_CLUSTER } from '../inventory/object';

export { ISTIO_MINOR, minorOf };

/** A behaviour of istiod that changed between versions, or that a flag changes. */
interface Behaviour {
  /** The environment variable that changes it, if the modelled minor has one. */
  readonly flag?: string;
  /** The variable's default; if that is an empty text, the variable isn't read as a boolean. */
  readonly usual?: boolean | '';
  /** The first minor with this behaviour; undefined: one before all that are listed here. */
  readonly since?: string;
  /** The first releases of earlier minors that have it, too. */
  readonly backports?: readonly string[];
  /** The first minor in which the variable has no such effect any more. */
  readonly until?: string;
  /** The alternative behaviour. */
  readonly otherwise: string;
  /** `modelled`: the model covers it. `undecided`: calls that it may affect are undecided. `told`: it changes no outcome. */
  readonly then: 'modelled' | 'undecided' | 'told';
}

/** The behaviours that matter here, the newest first; docs/istio-versions.md has the sources, and says why other flags don't matter. */
const TABLE = {
  fallBackToRule: { since: '1.31', then: 'modelled', otherwise: 'where a port of a DestinationRule\'s subset has auto mTLS, tls of the rule\'s own trafficPolicy doesn\'t turn it off' },
  excludeHosts: { since: '1.31', then: 'modelled', otherwise: 'a Sidecar\'s egress hosts that begin with ~ exclude nothing' },
  exportToNamed: { since: '1.31', backports: ['1.30.3'], then: 'modelled', otherwise: 'defaultServiceExportTo ignores the names of namespaces' },
  pickBestService: { flag: 'PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE', usual: true, since: '1.30', then: 'modelled', otherwise: 'for a host in several namespaces, a route leads to the first visible namespace in alphabetical order' },
  trustConfigMaps: { since: '1.28', then: 'modelled', otherwise: 'tls with a credentialName in a ConfigMap has no effect in a DestinationRule without workloadSelector' },
  foldHosts: { since: '1.27', then: 'undecided', otherwise: 'a VirtualService\'s hosts with capitals match no request' },
  readBooleans: { since: '1.27', then: 'modelled', otherwise: 'sidecar.istio.io/inject keeps a pod from a sidecar by any value that isn\'t true, yes, y or on' },
  mergeByExportTo: { flag: 'ENABLE_ENHANCED_DESTINATIONRULE_MERGE', usual: true, since: '1.24', then: 'modelled', otherwise: 'it merges DestinationRules for the same host regardless of exportTo' },
  preferRules: { flag: 'PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES', usual: true, since: '1.24', then: 'undecided', otherwise: 'certificates in a proxy\'s metadata take precedence over those of a DestinationRule for MESH_EXTERNAL hosts' },
  unifySidecars: { flag: 'PILOT_UNIFIED_SIDECAR_SCOPE', usual: true, since: '1.24', then: 'told', otherwise: 'for a host that objects in several namespaces define, proxies with a Sidecar may use another object than those without' },
  sendSni: { since: '1.21', then: 'told', otherwise: 'SIMPLE and MUTUAL without sni send no server name' },
  verifyByDefault: { since: '1.21', then: 'told', otherwise: 'SIMPLE and MUTUAL without caCertificates verify no certificate' },
  aliasNames: { since: '1.21', then: 'undecided', otherwise: 'an ExternalName is a service of its own, not a name of the service behind it' },
  selectMachines: { flag: 'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES', usual: true, then: 'modelled', otherwise: 'Services don\'t select WorkloadEntries' },
  selectPods: { flag: 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', usual: true, then: 'modelled', otherwise: 'ServiceEntries don\'t select pods' },
  labelEndpoints: { flag: 'PILOT_ENDPOINT_TELEMETRY_LABEL', usual: true, until: '1.27', then: 'undecided', otherwise: 'auto mTLS is off for every call' },
  labelTelemetry: { flag: 'PILOT_ENABLE_TELEMETRY_LABEL', usual: true, until: '1.27', then: 'undecided', otherwise: 'auto mTLS is off for every call' },
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

/** Whether a version doesn't have a behaviour yet; undefined if that depends on its patch, which it leaves open. */
function lacks({ since, backports = [] }: Behaviour, version: string): boolean | undefined {
  const minor = minorOf(version)!;
  if (since === undefined || !isBefore(minor, since)) return false;
  const backport = backports.find((release) => minorOf(release) === minor);
  if (backport === undefined) return true;
  const [patch, first] = [version, backport].map((release) => /^v?\d+\.\d+\.(\d+)/.exec(release)?.[1]);
  return patch === undefined ? undefined : Number(patch) < Number(first);
}

/** The behaviours that a version doesn't have yet, or may not. */
function missingIn(version: string): readonly BehaviourName[] {
  return BEHAVIOUR_NAMES.filter((name) => lacks(BEHAVIOURS[name], version) !== false);
}

/** The variables with which Istio's chart makes istiod behave like an earlier minor (`compatibilityVersion`), as far as they matter here. */
export function compatibilityFlags(minor: string): Readonly<Record<string, string>> {
  return Object.fromEntries(missingIn(minor).flatMap((name) => {
    const { flag, usual } = BEHAVIOURS[name];
    return flag ? [[flag, String(!usual)]] : [];
  }));
}

/** What to know about an istiod of another minor, in a sentence. */
export function versionNote(version: string): string {
  const minor = minorOf(version)!;
  const known = missingIn(version).map((name) => {
    const { otherwise, backports } = BEHAVIOURS[name];
    return lacks(BEHAVIOURS[name], version) ? otherwise : `if it is below ${backports!.find((release) => minorOf(release) === minor)}, ${otherwise}`;
  });
  return `This version decides as Istio ${ISTIO_MINOR}, and istiod is ${minor}: ${known.length > 0 ? `there, ${known.join('; ')}` : 'its differences aren\'t known'} (docs/istio-versions.md)`;
}

const IN_CONTAINER = `spec.template.spec.containers[${CONTAINER}]`;

/** istiod's namespace by default. */
const USUAL_NAMESPACE = 'istio-system';

/** What makes an istiod decide differently. */
export interface IstiodChange {
  readonly flag?: string;
  /** Where istiod's Deployment sets it. */
  readonly field: string;
  /** The setting, and its effect on istiod. */
  readonly effect: string;
  /** Whether it depends on a patch version that isn't known: calls that it may affect are undecided. */
  readonly isOpen?: boolean;
}

/** What one istiod decides differently from the modelled one, by all of its settings besides the mesh config. */
export interface IstiodSettings {
  readonly deployment: ObjectId;
  readonly changes: ReadonlyMap<BehaviourName, IstiodChange>;
  /** A flag with an unknown value, so that istiod's decisions aren't known. */
  readonly unknown?: IstiodChange;
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
    const deployments = objects.of(KIND.Deployment)
      .filter(({ name, namespace }) => ISTIOD_NAME.test(name) && namespace === (istiodNamespace ?? namespace));
    for (const deployment of deployments) {
      const revision = deployment.labels[REVISION] ?? ISTIOD_NAME.exec(deployment.name)![1] ?? DEFAULT_REVISION;
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

  /** Whether a manifest or an option says which version a revision's istiod has. */
  knowsVersion(revision: string): boolean {
    return this.runOf(revision).version !== undefined;
  }

  /** The version of each; undefined: nothing says it. */
  get versions(): readonly (string | undefined)[] {
    return (this.runs.size === 0 ? [this.told] : [...this.runs.values()]).map(({ version }) => version);
  }

  /** What to know about them besides what is decided, one sentence each. */
  get notes(): readonly string[] {
    const versions = this.versions.filter((version) => version !== undefined && minorOf(version) !== ISTIO_MINOR) as readonly string[];
    const settings = (this.runs.size === 0 ? [DEFAULT_REVISION] : [...this.runs.keys()]).map((revision) => this.of(revision));
    const unclear = settings.flatMap(({ unknown }) => (unknown ? [`istiod's ${unknown.flag} ${unknown.effect}; nothing is decided`] : []));
    const flags = settings.flatMap(({ changes }) => [...changes])
      .flatMap(([name, { flag, effect }]) => (flag && BEHAVIOURS[name].then === 'undecided' ? [`istiod's ${flag} ${effect}; calls that this may affect are undecided`] : []));
    return [...new Set(versions.map(versionNote)), ...new Set([...unclear, ...flags])];
  }

  private runOf(revision: string): Run {
    const [only] = this.runs.size === 1 ? this.runs.values() : [];
    return this.runs.get(revision) ?? this.runs.get(DEFAULT_REVISION) ?? only ?? this.told;
  }

  private settingsOf(revision: string): IstiodSettings {
    const { deployment, env, version = ISTIO_MINOR } = this.runOf(revision);
    const changes = BEHAVIOUR_NAMES.flatMap((name): readonly (readonly [BehaviourName, IstiodChange])[] => {
      const change = changeOf(name, env, version);
      return change && (name !== 'ignoreKinds' || ignoresAny(this.objects, env)) ? [[name, change]] : [];
    });
    const name = revision === DEFAULT_REVISION ? 'istiod' : `istiod-${revision}`;
    return { deployment: deployment ?? { cluster: OWN_CLUSTER, group: 'apps', kind: 'Deployment', namespace: this.namespace, name }, changes: new Map(changes), unknown: unknownIn(env, version), alpn: alpnUnder(env) };
  }

  /** Istiods that decide alike share one. */
  private known(settings: IstiodSettings): IstiodSettings {
    const key = settings.changes.size === 0 && !settings.unknown && settings.alpn === USUAL_ALPN ? ''
      : JSON.stringify([settings.deployment, settings.unknown, settings.alpn, ...settings.changes]);
    if (!this.byKey.has(key)) this.byKey.set(key, settings);
    return this.byKey.get(key)!;
  }
}

const USUAL_ALPN: OfferedAlpn = Object.freeze({ exchange: true, http: true });

function alpnUnder(env: IstiodEnv): OfferedAlpn {
  const isOn = (flag: string, usual: boolean): boolean => booleanText(env[flag] ?? '') ?? usual;
  const exchange = isOn('PILOT_ENABLE_METADATA_EXCHANGE', true) && !isOn('PILOT_DISABLE_MX_ALPN', false);
  const http = isOn('PILOT_ENABLE_ALPN_FILTER', true);
  return exchange && http ? USUAL_ALPN : { exchange, http };
}

/** Whether a version reads the variable of a behaviour. */
function reads({ flag, until }: Behaviour, version: string): boolean {
  return flag !== undefined && (until === undefined || isBefore(minorOf(version)!, until));
}

function changeOf(name: BehaviourName, env: Run['env'], version: string): IstiodChange | undefined {
  const behaviour = BEHAVIOURS[name];
  const { flag, otherwise } = behaviour;
  if (flag !== undefined && reads(behaviour, version) && Object.hasOwn(env, flag)) {
    const value = env[flag];
    return value !== undefined && isChanged(behaviour, value) ? { flag, field: `${IN_CONTAINER}.env[${flag}]`, effect: `is ${JSON.stringify(value)}: ${otherwise}` } : undefined;
  }
  const isMissing = lacks(behaviour, version);
  if (isMissing === false) return undefined;
  return { field: `${IN_CONTAINER}.image`, effect: `is ${isMissing ? '' : 'perhaps an early patch of '}${minorOf(version)!}: ${otherwise}`, ...!isMissing && { isOpen: true } };
}

/** The first flag that changes results and whose value isn't known. */
function unknownIn(env: IstiodEnv, version: string): IstiodChange | undefined {
  const name = BEHAVIOUR_NAMES.find((one) => {
    const { flag, then } = BEHAVIOURS[one];
    return then !== 'told' && flag !== undefined && reads(BEHAVIOURS[one], version) && Object.hasOwn(env, flag) && env[flag] === undefined;
  });
  if (name === undefined) return undefined;
  const { flag, otherwise } = BEHAVIOURS[name];
  return { flag, field: `${IN_CONTAINER}.env[${flag}]`, effect: `is set to a value that the manifests don't contain: perhaps ${otherwise}` };
}

function runOf(deployment: MeshObject, told: Run): Run {
  return {
    deployment: idOf(deployment),
    env: containersOf(deployment).reduce<IstiodEnv>((env, container) => ({ ...env, ...variablesOf(container, env) }), told.env),
    version: versionOf(deployment) ?? told.version,
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
    const crd = object && `${kind.kind.toLowerCase().replace(/y$/, 'ie')}s.${object.group}`;
    return crd !== undefined && isListed(crd, ignored) && !isListed(crd, included);
  });
}

/** Names of CRDs separated by commas; `*.` stands for any name with that suffix. */
function isListed(crd: string, list: string): boolean {
  return list.split(',').map((entry) => entry.trim()).some((entry) => (entry.startsWith('*.') ? crd.endsWith(entry.slice(2)) : crd === entry));
}
