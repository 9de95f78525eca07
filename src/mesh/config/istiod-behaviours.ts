import { isBefore, ISTIO_MINOR } from './istio-version';
import { booleanText } from '../objects/shape';

/** What istiod decides in another way than it once did, or than it can be told to. */
export interface Behaviour {
  /** The variable of istiod's environment that changes it, if there is one in the minor that is modelled. */
  readonly flag?: string;
  /** What the variable is where nobody sets it; a text that is empty then isn't read as a boolean. */
  readonly usual?: boolean | '';
  /** The first minor that decides so; undefined: one before all that are listed here. */
  readonly since?: string;
  /** What istiod does else. */
  readonly otherwise: string;
  /** `modelled`: the model does so too. `undecided`: calls that it may touch are undecided. `told`: it changes no outcome. */
  readonly then: 'modelled' | 'undecided' | 'told';
}

/** Those that change what is told here, the newest first; docs/istio-versions.md has the sources, and says why other flags don't. */
const TABLE = {
  pickBestService: { flag: 'PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE', usual: true, since: '1.30', then: 'modelled', otherwise: 'of a host that several namespaces have, a route leads to the first visible one in the alphabet' },
  mergeByExportTo: { flag: 'ENABLE_ENHANCED_DESTINATIONRULE_MERGE', usual: true, since: '1.24', then: 'modelled', otherwise: 'it merges DestinationRules of one host whatever their exportTo' },
  preferRules: { flag: 'PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES', usual: true, since: '1.24', then: 'undecided', otherwise: 'certificates in a proxy\'s metadata come before those of a DestinationRule for MESH_EXTERNAL hosts' },
  unifySidecars: { flag: 'PILOT_UNIFIED_SIDECAR_SCOPE', usual: true, since: '1.24', then: 'told', otherwise: 'of a host that objects of several namespaces have, proxies with a Sidecar may take another than those without' },
  sendSni: { since: '1.21', then: 'told', otherwise: 'SIMPLE and MUTUAL without sni send no server name' },
  verifyByDefault: { since: '1.21', then: 'told', otherwise: 'SIMPLE and MUTUAL without caCertificates verify no certificate' },
  aliasNames: { since: '1.21', then: 'undecided', otherwise: 'an ExternalName is a service of its own, not a name of the service behind it' },
  selectMachines: { flag: 'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES', usual: true, then: 'modelled', otherwise: 'Services don\'t select WorkloadEntries' },
  selectPods: { flag: 'PILOT_ENABLE_SERVICEENTRY_SELECT_PODS', usual: true, then: 'modelled', otherwise: 'ServiceEntries don\'t select pods' },
  listHeadless: { flag: 'PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES', usual: false, then: 'undecided', otherwise: 'calls to a headless Service may end at any of its pods' },
  mergeIngress: { flag: 'PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE', usual: false, then: 'undecided', otherwise: 'ports that a Sidecar\'s ingress leaves out are served as the services say' },
  ingressTls: { flag: 'ENABLE_TLS_ON_SIDECAR_INGRESS', usual: false, then: 'undecided', otherwise: 'the tls of a Sidecar\'s ingress counts' },
  dualStack: { flag: 'ISTIO_DUAL_STACK', usual: false, then: 'undecided', otherwise: 'services have addresses of both families' },
  ambient: { flag: 'PILOT_ENABLE_AMBIENT', usual: false, then: 'undecided', otherwise: 'services have addresses of both families' },
  preferHbone: { flag: 'PILOT_PREFER_SENDING_HBONE', usual: false, then: 'undecided', otherwise: 'sidecars may reach each other through HBONE' },
  redisFilter: { flag: 'PILOT_ENABLE_REDIS_FILTER', usual: false, then: 'undecided', otherwise: 'a filter of its own leads calls to ports for Redis' },
  mcsHosts: { flag: 'ENABLE_MCS_HOST', usual: false, then: 'undecided', otherwise: 'exported services have hosts in clusterset.local' },
  inject: { flag: 'INJECT_ENABLED', usual: true, then: 'undecided', otherwise: 'it injects no sidecars' },
  ignoreKinds: { flag: 'PILOT_IGNORE_RESOURCES', usual: '', then: 'undecided', otherwise: 'it doesn\'t read some kinds of objects' },
  watchOneNamespace: { flag: 'ISTIO_WATCH_NAMESPACE', usual: '', then: 'undecided', otherwise: 'it reads the objects of one namespace' },
  shareMeshConfig: { flag: 'SHARED_MESH_CONFIG', usual: '', then: 'undecided', otherwise: 'another ConfigMap adds to the mesh config' },
} satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourName = keyof typeof TABLE;

export const BEHAVIOURS: Readonly<Record<BehaviourName, Behaviour>> = TABLE;

export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as readonly BehaviourName[];

/** What istiod does otherwise under a variable's value; a boolean that is none counts for nothing. */
export function isChanged({ usual }: Behaviour, value: string): boolean {
  return usual === '' ? value !== '' : (booleanText(value) ?? usual) !== usual;
}

/** Those that a minor doesn't have yet. */
export function missingIn(minor: string): readonly BehaviourName[] {
  return BEHAVIOUR_NAMES.filter((name) => {
    const { since } = BEHAVIOURS[name];
    return since !== undefined && isBefore(minor, since);
  });
}

/** The variables by which Istio's chart makes an istiod decide as a former minor did (`compatibilityVersion`), as far as they matter here. */
export function compatibilityFlags(minor: string): Readonly<Record<string, string>> {
  return Object.fromEntries(missingIn(minor).flatMap((name) => {
    const { flag, usual } = BEHAVIOURS[name];
    return flag ? [[flag, String(!usual)]] : [];
  }));
}

/** What to know of an istiod of another minor, in a sentence. */
export function versionNote(minor: string): string {
  const known = missingIn(minor).map((name) => BEHAVIOURS[name].otherwise);
  const differences = known.length > 0 ? `there, ${known.join('; ')}`
    : isBefore(ISTIO_MINOR, minor) ? 'what it decides otherwise isn\'t known' : 'no difference is known that changes what is told here';
  return `Istio ${ISTIO_MINOR} is modelled, and istiod is ${minor}: ${differences} (docs/istio-versions.md)`;
}
