import { ISTIO_CRDS, IstioKind } from './crds';
import { Objections, ObjectionText } from './objection';
import { editDistance, nearest } from '../findings/nearest';
import { shown } from '../findings/safe-text';
import { usualApiVersion } from '../manifests/kinds';
import { isMapping } from '../manifests/mapping';

const GROUPS = [...new Set(ISTIO_CRDS.map(({ group }) => group))];
const OF_KIND = new Map(ISTIO_CRDS.map(({ kind }) => [kind, ISTIO_CRDS.filter((other) => other.kind === kind)]));
const OF_GROUP_AND_KIND = new Map(ISTIO_CRDS.map((kind) => [`${kind.group}/${kind.kind}`, kind]));

/**
 * The Istio kind whose schema applies to an object; undefined for foreign kinds and rejected objects. Groups that aren't
 * Istio's are ignored; in Istio's groups, a kind or version that no CRD serves is rejected, and the message names its
 * successor if it has one.
 */
export function judgeKind(at: Objections, object: unknown): IstioKind | undefined {
  if (!isMapping(object)) {
    return refused(at, {
      code: 'ADMIT101',
      actual: shown(object),
      expected: 'an object with apiVersion and kind',
      because: 'Kubernetes only accepts objects',
      fix: 'remove the document, or fix its indentation',
    });
  }
  const { apiVersion, kind } = object;
  if (typeof kind !== 'string' || kind === '') {
    return refused(at.at('kind'), {
      code: 'ADMIT103',
      actual: shown(kind),
      expected: 'the name of a kind',
      because: 'its kind can\'t be determined',
      fix: 'write kind, for example kind: PeerAuthentication',
    });
  }
  if (typeof apiVersion !== 'string' || !/^[^/\s]+(\/[^/\s]*)?$/.test(apiVersion)) {
    return refused(at.at('apiVersion'), withoutVersion(apiVersion, kind));
  }
  const [first, second] = apiVersion.split('/');
  return second === undefined ? judgeCore(at, first, kind) : judgeGroup(at, first, second, kind);
}

function refused(at: Objections, text: ObjectionText): undefined {
  at.error(text);
}

function withoutVersion(apiVersion: unknown, kind: string): ObjectionText {
  const [known] = kindsNamed(kind);
  return {
    code: 'ADMIT102',
    actual: shown(apiVersion),
    expected: 'a group and a version, such as security.istio.io/v1',
    because: `apiVersion determines which ${kind} it is`,
    fix: `write apiVersion: ${known ? apiVersionOf(known) : usualApiVersion(kind) ?? 'group/version'}`,
  };
}

/** The core group has none of Istio's kinds: an object there with such a kind lacks its group. */
function judgeCore(at: Objections, version: string, kind: string): IstioKind | undefined {
  const [known] = kindsNamed(kind);
  const removed = groupOfRemovedKind(kind);
  if (!known && removed) return judgeGroup(at, removed, version, kind);
  if (!known) return undefined;
  return refused(at.at('apiVersion'), {
    code: 'ADMIT110',
    actual: shown(version),
    expected: `'${apiVersionOf(known)}'`,
    because: `without a group it is Kubernetes' core, which has no ${kind}`,
    fix: `write apiVersion: ${apiVersionOf(known)}`,
  });
}

function judgeGroup(at: Objections, group: string, version: string, kind: string): IstioKind | undefined {
  if (group !== 'istio.io' && !group.endsWith('.istio.io')) return judgeForeign(at, group, kind);
  const known = OF_GROUP_AND_KIND.get(`${group}/${kind}`);
  if (known) return judgeVersion(at, known, version);
  if (group === 'install.istio.io' && kind === 'IstioOperator') return tellOfOperator(at);
  const removed = removedKind(group, kind);
  if (removed) {
    return refused(at.at('kind'), {
      code: 'ADMIT104',
      actual: `${shown(kind)} of ${group}`,
      expected: removed.successor,
      because: `the kind was removed in ${removed.removedIn}, and no API server with today's CRDs knows it`,
      fix: `rewrite it as ${removed.successor}`,
    });
  }
  return GROUPS.includes(group) ? refuseKind(at, group, kind) : refuseGroup(at, group, kind);
}

function tellOfOperator(at: Objections): undefined {
  at.at('apiVersion').info({
    code: 'ADMIT109',
    actual: '\'install.istio.io/v1alpha1\'',
    expected: 'an object for the cluster',
    because: 'IstioOperator is read by istioctl; the in-cluster operator was removed, and Istio installs no CRD for it',
    fix: 'don\'t apply it to the cluster; pass it to istioctl install -f',
  });
}

function refuseKind(at: Objections, group: string, kind: string): IstioKind | undefined {
  const [elsewhere] = kindsNamed(kind);
  if (elsewhere) {
    return refused(at.at('apiVersion'), {
      code: 'ADMIT106',
      actual: `group ${shown(group)}`,
      expected: `'${elsewhere.group}'`,
      because: `${kind} belongs to that group`,
      fix: `write apiVersion: ${apiVersionOf(elsewhere)}`,
    });
  }
  const removed = groupOfRemovedKind(kind);
  if (removed) return judgeGroup(at, removed, '', kind);
  const kinds = ISTIO_CRDS.filter((known) => known.group === group).map((known) => known.kind);
  const meant = nearest(kind, kinds) ?? nearest(kind.replace(/List$|s$/, ''), kinds);
  return refused(at.at('kind'), {
    code: 'ADMIT106',
    actual: shown(kind),
    expected: `a kind of ${group}: ${kinds.join(', ')}`,
    because: 'Istio defines no such kind',
    fix: meant ? `write kind: ${meant}` : 'write one of these kinds',
  });
}

function refuseGroup(at: Objections, group: string, kind: string): undefined {
  const [known] = kindsNamed(kind);
  const meant = known?.group ?? nearest(group, GROUPS);
  return refused(at.at('apiVersion'), {
    code: 'ADMIT105',
    actual: `group ${shown(group)}`,
    expected: `one of ${GROUPS.join(', ')}`,
    because: 'Istio defines no such group',
    fix: known ? `write apiVersion: ${apiVersionOf(known)}` : meant ? `write ${meant}` : 'write one of these groups',
  });
}

function judgeVersion(at: Objections, kind: IstioKind, version: string): IstioKind | undefined {
  const [newest] = kind.versions;
  const apiVersion = `${kind.group}/${version}`;
  if (!kind.versions.includes(version)) {
    return refused(at.at('apiVersion'), {
      code: 'ADMIT107',
      actual: shown(apiVersion),
      expected: `version ${kind.versions.join(' or ')}`,
      because: `Istio's CRD serves no other version of ${kind.kind}`,
      fix: `write apiVersion: ${apiVersionOf(kind)}`,
    });
  }
  if (version === newest || newest !== 'v1') return kind;
  at.at('apiVersion').info({
    code: 'ADMIT108',
    actual: shown(apiVersion),
    expected: `'${apiVersionOf(kind)}'`,
    because: 'v1 is the stable version, and the older ones are kept only for old manifests',
    fix: `write apiVersion: ${apiVersionOf(kind)}; nothing else changes`,
  });
  return kind;
}

/** Foreign, unless the group's name is one or two letters away from the group that has the kind. */
function judgeForeign(at: Objections, group: string, kind: string): undefined {
  const meant = kindsNamed(kind).find((known) => editDistance(group, known.group, 2) <= 2);
  if (meant) {
    at.at('apiVersion').warning({
      code: 'ADMIT111',
      actual: `group ${shown(group)}`,
      expected: `'${meant.group}'`,
      because: `that is Istio's group with the kind ${kind}`,
      fix: `write apiVersion: ${apiVersionOf(meant)}`,
    });
  }
}

function kindsNamed(name: string): readonly IstioKind[] {
  return OF_KIND.get(name) ?? [];
}

function apiVersionOf({ group, versions }: IstioKind): string {
  return `${group}/${versions[0]}`;
}

/** Kinds that Istio has removed, with what to write instead. */
interface RemovedKind {
  readonly removedIn: string;
  readonly successor: string;
}

const SECURITY = 'security.istio.io/v1';
const peerAuthentication = {
  removedIn: 'Istio 1.6', successor: `PeerAuthentication of ${SECURITY}, and RequestAuthentication for end users' tokens`,
};
const authorizationPolicy = { removedIn: 'Istio 1.6', successor: `AuthorizationPolicy of ${SECURITY}` };
const OF_MIXER = {
  removedIn: 'Istio 1.8, with Mixer',
  successor: `Telemetry of telemetry.istio.io/v1 for metrics, logs and traces, AuthorizationPolicy of ${SECURITY} for checks, `
    + 'EnvoyFilter or WasmPlugin for the rest',
};

const REMOVED: { readonly [group: string]: { readonly [kind: string]: RemovedKind } } = {
  'authentication.istio.io': {
    MeshPolicy: {
      removedIn: 'Istio 1.6', successor: `PeerAuthentication of ${SECURITY} without selector in the root namespace (istio-system)`,
    },
    Policy: peerAuthentication,
  },
  'rbac.istio.io': {
    ClusterRbacConfig: authorizationPolicy,
    RbacConfig: authorizationPolicy,
    ServiceRole: authorizationPolicy,
    ServiceRoleBinding: authorizationPolicy,
    AuthorizationPolicy: authorizationPolicy,
  },
  'config.istio.io': {
    RouteRule: { removedIn: 'Istio 1.0', successor: 'VirtualService of networking.istio.io/v1' },
    EgressRule: { removedIn: 'Istio 1.0', successor: 'ServiceEntry of networking.istio.io/v1' },
    DestinationPolicy: { removedIn: 'Istio 1.0', successor: 'DestinationRule of networking.istio.io/v1' },
    HTTPAPISpec: OF_MIXER,
    HTTPAPISpecBinding: OF_MIXER,
    QuotaSpec: { ...OF_MIXER, successor: 'rate limiting by EnvoyFilter of networking.istio.io/v1alpha3' },
    QuotaSpecBinding: { ...OF_MIXER, successor: 'rate limiting by EnvoyFilter of networking.istio.io/v1alpha3' },
  },
  'install.istio.io': {
    IstioControlPlane: { removedIn: 'Istio 1.5', successor: 'IstioOperator of install.istio.io/v1alpha1, which istioctl reads' },
  },
};

/** The groups that only have removed kinds, with a kind for those that aren't listed (rule, handler, instance, adapters). */
const REMOVED_GROUPS: { readonly [group: string]: RemovedKind } = {
  'authentication.istio.io': peerAuthentication,
  'rbac.istio.io': authorizationPolicy,
  'config.istio.io': OF_MIXER,
};

/** Undefined for a kind that Istio never had, and for current ones. */
function removedKind(group: string, kind: string): RemovedKind | undefined {
  const kinds = Object.hasOwn(REMOVED, group) ? REMOVED[group] : {};
  if (Object.hasOwn(kinds, kind)) return kinds[kind];
  return Object.hasOwn(REMOVED_GROUPS, group) ? REMOVED_GROUPS[group] : undefined;
}

/** The group of a removed kind, for manifests that name the right kind in the wrong group. */
function groupOfRemovedKind(kind: string): string | undefined {
  return Object.keys(REMOVED).find((group) => Object.hasOwn(REMOVED[group], kind));
}
