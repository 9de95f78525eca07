import { ControlPlaneFacts } from './control-plane-facts';

/** The minor version of Istio whose decisions are modelled; that of the conformance suite's istiod. */
export const ISTIO_MINOR = '1.31';

/** What istiod decides in another way than it once did, or than it can be told to. */
export interface Behaviour {
  /** The first minor that decides so; undefined: one before all that are listed here. */
  readonly since?: string;
  /** The variable of istiod's environment that takes it back where it is false, if there is one in the minor that is modelled. */
  readonly flag?: string;
  /** What istiod does else. */
  readonly otherwise: string;
}

/** Those that are known to change what is told here, the newest first; docs/istio-versions.md has the sources. */
export const BEHAVIOURS: readonly Behaviour[] = [
  { flag: 'PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE', since: '1.30', otherwise: 'of a host that several namespaces have, it takes the first visible one in the alphabet' },
  { flag: 'ENABLE_ENHANCED_DESTINATIONRULE_MERGE', since: '1.24', otherwise: 'it merges DestinationRules of one host whatever their exportTo' },
  { flag: 'PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES', since: '1.24', otherwise: 'certificates in a proxy\'s metadata come before those of a DestinationRule for MESH_EXTERNAL hosts' },
  { flag: 'PILOT_UNIFIED_SIDECAR_SCOPE', since: '1.24', otherwise: 'of a host that objects of several namespaces have, proxies with a Sidecar may take another than those without' },
  { since: '1.21', otherwise: 'SIMPLE and MUTUAL without sni send no server name' },
  { since: '1.21', otherwise: 'SIMPLE and MUTUAL without caCertificates verify no certificate' },
  { since: '1.21', otherwise: 'an ExternalName is a service of its own, not a name of the service behind it' },
  { flag: 'PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES', otherwise: 'Services don\'t select WorkloadEntries' },
];

/** The minor that a version belongs to, such as `1.31` of `v1.31.4`; undefined for what is no version. */
export function minorOf(version: string): string | undefined {
  return /^v?(\d+\.\d+)(?:[.-].*)?$/.exec(version)?.[1];
}

/** What to know of an istiod of a version and with flags that aren't modelled, a sentence each. */
export function istioNotes({ istioVersion, flags = {} }: Pick<ControlPlaneFacts, 'istioVersion' | 'flags'>): readonly string[] {
  const minor = istioVersion === undefined ? undefined : minorOf(istioVersion);
  const off = BEHAVIOURS.filter(({ flag }) => flag !== undefined && isFalse(flags[flag]));
  return [
    ...minor === undefined || minor === ISTIO_MINOR ? [] : [versionNote(minor)],
    ...off.map(({ flag, otherwise }) => `istiod is told ${flag}=false, which isn't modelled: ${otherwise}`),
  ];
}

/** The variables by which Istio's chart makes an istiod decide as a former minor did (`compatibilityVersion`), as far as they matter here. */
export function compatibilityFlags(minor: string): Readonly<Record<string, string>> {
  return Object.fromEntries(BEHAVIOURS.flatMap(({ flag, since }) => (flag && since && isBefore(minor, since) ? [[flag, 'false']] : [])));
}

function versionNote(minor: string): string {
  const known = BEHAVIOURS.filter(({ since }) => since !== undefined && isBefore(minor, since));
  const differences = known.length === 0 ? 'no difference is known that changes what is told here' : `there, ${known.map(({ otherwise }) => otherwise).join('; ')}`;
  return `Istio ${ISTIO_MINOR} is modelled, and istiod is ${minor}: ${differences} (docs/istio-versions.md)`;
}

function isBefore(minor: string, other: string): boolean {
  const [[major, rest], [otherMajor, otherRest]] = [minor, other].map((text) => text.split('.').map(Number));
  return major < otherMajor || (major === otherMajor && rest < otherRest);
}

/** As Go's `strconv.ParseBool` reads it. */
function isFalse(value: string | undefined): boolean {
  return value !== undefined && ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value);
}
