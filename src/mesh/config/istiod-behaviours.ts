import { isBefore, ISTIO_MINOR, minorOf } from '../../manifests/istio-minor';
import { booleanText } from '../../manifests/mapping';

/** A behaviour of istiod that changed between versions, or that a flag changes. */
export interface Behaviour {
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
  fallBackToRule: {
    since: '1.31',
    then: 'modelled',
    otherwise: 'where a port of a DestinationRule\'s subset has auto mTLS, tls of the rule\'s own trafficPolicy doesn\'t turn it off',
  },
  excludeHosts: { since: '1.31', then: 'modelled', otherwise: 'a Sidecar\'s egress hosts that begin with ~ exclude nothing' },
  exportToNamed: {
    since: '1.31', backports: ['1.30.3'], then: 'modelled', otherwise: 'defaultServiceExportTo ignores the names of namespaces',
  },
  pickBestService: {
    flag: 'PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE',
    usual: true,
    since: '1.30',
    then: 'modelled',
    otherwise: 'for a host in several namespaces, a route leads to the first visible namespace in alphabetical order',
  },
  trustConfigMaps: {
    since: '1.28',
    then: 'modelled',
    otherwise: 'tls with a credentialName in a ConfigMap has no effect in a DestinationRule without workloadSelector',
  },
  foldHosts: { since: '1.27', then: 'undecided', otherwise: 'a VirtualService\'s hosts with capitals match no request' },
  readBooleans: {
    since: '1.27',
    then: 'modelled',
    otherwise: 'sidecar.istio.io/inject keeps a pod from a sidecar by any value that isn\'t true, yes, y or on',
  },
  mergeByExportTo: {
    flag: 'ENABLE_ENHANCED_DESTINATIONRULE_MERGE',
    usual: true,
    since: '1.24',
    then: 'modelled',
    otherwise: 'it merges DestinationRules for the same host regardless of exportTo',
  },
  preferRules: {
    flag: 'PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES',
    usual: true,
    since: '1.24',
    then: 'undecided',
    otherwise: 'certificates in a proxy\'s metadata take precedence over those of a DestinationRule for MESH_EXTERNAL hosts',
  },
  unifySidecars: {
    flag: 'PILOT_UNIFIED_SIDECAR_SCOPE',
    usual: true,
    since: '1.24',
    then: 'told',
    otherwise: 'for a host that objects in several namespaces define, proxies with a Sidecar may use another object than those without',
  },
  sendSni: { since: '1.21', then: 'told', otherwise: 'SIMPLE and MUTUAL without sni send no server name' },
  verifyByDefault: { since: '1.21', then: 'told', otherwise: 'SIMPLE and MUTUAL without caCertificates verify no certificate' },
  aliasNames: {
    since: '1.21', then: 'undecided', otherwise: 'an ExternalName is a service of its own, not a name of the service behind it',
  },
  selectMachines: {
    flag: 'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES', usual: true, then: 'modelled', otherwise: 'Services don\'t select WorkloadEntries',
  },
  selectPods: {
    flag: 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', usual: true, then: 'modelled', otherwise: 'ServiceEntries don\'t select pods',
  },
  labelEndpoints: {
    flag: 'PILOT_ENDPOINT_TELEMETRY_LABEL', usual: true, until: '1.27', then: 'undecided', otherwise: 'auto mTLS is off for every call',
  },
  labelTelemetry: {
    flag: 'PILOT_ENABLE_TELEMETRY_LABEL', usual: true, until: '1.27', then: 'undecided', otherwise: 'auto mTLS is off for every call',
  },
  listHeadless: {
    flag: 'PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES',
    usual: false,
    then: 'undecided',
    otherwise: 'calls to a headless Service may end at any of its pods',
  },
  mergeIngress: {
    flag: 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE',
    usual: false,
    then: 'undecided',
    otherwise: 'ports that a Sidecar\'s ingress omits are served as the Services define them',
  },
  ingressTls: {
    flag: 'ENABLE_TLS_ON_SIDECAR_INGRESS', usual: false, then: 'undecided', otherwise: 'the tls settings of a Sidecar\'s ingress apply',
  },
  dualStack: { flag: 'ISTIO_DUAL_STACK', usual: false, then: 'undecided', otherwise: 'services have addresses of both families' },
  ambient: { flag: 'PILOT_ENABLE_AMBIENT', usual: false, then: 'undecided', otherwise: 'services have addresses of both families' },
  preferHbone: {
    flag: 'PILOT_PREFER_SENDING_HBONE', usual: false, then: 'undecided', otherwise: 'sidecars may reach each other through HBONE',
  },
  redisFilter: {
    flag: 'PILOT_ENABLE_REDIS_FILTER',
    usual: false,
    then: 'undecided',
    otherwise: 'a filter that answers only Redis handles calls to Redis ports',
  },
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
export function lacks({ since, backports = [] }: Behaviour, version: string): boolean | undefined {
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

/**
 * The variables with which Istio's chart makes istiod behave like an earlier minor (`compatibilityVersion`), as far as they matter here.
 */
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
    return lacks(
      BEHAVIOURS[name], version,
    ) ? otherwise : `if it is below ${backports!.find((release) => minorOf(release) === minor)}, ${otherwise}`;
  });
  return `This version decides as Istio ${ISTIO_MINOR}, and istiod is ${minor}: `
    + `${known.length > 0 ? `there, ${known.join('; ')}` : 'its differences aren\'t known'} (docs/istio-versions.md)`;
}
