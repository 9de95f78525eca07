import { ChangeUnit, ChangeUnits, MeshStates, Version } from './change-unit';
import { isMapping, Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { grouped } from '../collections';
import { isOf, KIND, kindNameOf } from '../inventory/kinds';
import { Cluster, idKey, MeshObject, readObject, YOUNGEST } from '../inventory/object';
import { Mesh } from '../mesh';
import { fullHost } from '../names/hosts';

/** The change with intermediate versions, which make some changes safe that ordering alone can't: the same in each case. */
export function bridged([{ before, after }]: readonly MeshStates[], cases: readonly ChangeUnits[]): readonly ChangeUnits[] {
  const [{ units: some }] = cases;
  const rules = temporaryRules(before, after, some);
  const byNamespace = grouped(rules.keys(), (index) => rules[index].object.namespace);
  const loose = Array.from(byNamespace.values(), (indices) => indices.map((index) => some.length + index));
  return cases.map(({ units, groups, others }) => {
    const wider = units.map((unit) => ({ ...unit, versions: [...unit.versions, ...versionsBetween(unit)] }));
    return { units: [...wider, ...rules], groups, loose, others };
  });
}

function versionsBetween(unit: ChangeUnit): readonly Version[] {
  switch (kindNameOf(unit.object)) {
    case 'PeerAuthentication': return between(unit, permissive);
    case 'DestinationRule': return [
      ...between(unit, withBothSubsets),
      ...between(unit, (latter, former) => (saysTls(former ?? latter) ? withoutTls(former ?? latter) : undefined)),
      ...between(unit, (latter, former) => sending('DISABLE', former ?? latter)),
    ];
    default: return [];
  }
}

/** @param make the spec between the specs before and after; undefined if it wouldn't help */
function between(
  { change, object }: ChangeUnit, make: (latter: Mapping, former: Mapping | undefined) => Mapping | undefined,
): readonly Version[] {
  const [latter, former] = [change?.after ?? change?.before, change?.before];
  const spec = latter && make(latter.spec, change?.after ? former?.spec : undefined);
  if (!spec || !latter) return [];
  const created = former ? former.created : object.created ?? YOUNGEST;
  return [{ change: { apply: { ...latter.source, spec }, replaces: former, created } }];
}

/** A policy that requires nothing, not even on its ports. */
function permissive(spec: Mapping): Mapping {
  const { portLevelMtls, ...others } = spec;
  const ports = Object.keys(mapping(portLevelMtls)).map((port) => [port, { mode: 'PERMISSIVE' }]);
  return { ...others, mtls: { mode: 'PERMISSIVE' }, ...ports.length === 0 ? {} : { portLevelMtls: Object.fromEntries(ports) } };
}

/** The rule with its former subsets and its new ones. */
function withBothSubsets(latter: Mapping, former: Mapping | undefined): Mapping | undefined {
  if (!former) return undefined;
  const [old, next] = [mappings(former.subsets), mappings(latter.subsets)];
  const lost = old.filter(({ name }) => !next.some((subset) => subset.name === name));
  return lost.length === 0 ? undefined : { ...latter, subsets: [...next, ...lost] };
}

/** The rule without TLS settings, so that clients send what each server accepts. */
export function withoutTls(spec: Mapping): Mapping {
  return { ...spec, ...policyWithoutTls(spec), ...subsetsWithoutTls(spec) };
}

export function saysTls(spec: Mapping): boolean {
  return JSON.stringify(spec).includes('"tls":');
}

/** The subset without its policy if that becomes empty, since istiod's webhook rejects an empty one. */
function policyWithoutTls({ trafficPolicy }: Mapping): Mapping {
  if (!isMapping(trafficPolicy)) return {};
  const { tls: _, portLevelSettings, ...others } = trafficPolicy;
  const ports = Array.isArray(portLevelSettings) ? { portLevelSettings: mappings(portLevelSettings).map(portWithoutTls) } : {};
  const policy = { ...others, ...ports };
  return { trafficPolicy: Object.keys(policy).length === 0 ? undefined : policy };
}

/** The webhook also rejects an entry with nothing but a port. Without the entry, the port would get the rule's settings for all ports. */
function portWithoutTls({ tls: _, ...kept }: Mapping): Mapping {
  return Object.keys(kept).some((field) => field !== 'port') ? kept : { ...kept, loadBalancer: { simple: 'UNSPECIFIED' } };
}

function subsetsWithoutTls({ subsets }: Mapping): Mapping {
  return Array.isArray(subsets) ? { subsets: mappings(subsets).map((subset) => ({ ...subset, ...policyWithoutTls(subset) })) } : {};
}

/**
 * Rules with which clients temporarily send plaintext to services whose servers' modes change. An existing
 * rule is edited for that time, so that its connection pools, outlier detection and load balancing remain.
 */
function temporaryRules(before: Mesh, after: Mesh, units: readonly ChangeUnit[]): readonly ChangeUnit[] {
  const policies = units.filter(({ object }) => isOf(object, KIND.PeerAuthentication)).map(({ object }) => object.namespace);
  const root = before.planes.default.config.rootNamespace;
  const taken = new Set(units.map(({ object }) => idKey(object)));
  return before.registry.services.flatMap((service): readonly ChangeUnit[] => {
    if (service.registry !== 'Kubernetes' || !policies.some((namespace) => namespace === service.namespace || namespace === root)) {
      return [];
    }
    const { rules } = before.planes.default.rules.find(service.namespace, service);
    const own = rules.flatMap(({ from }) => from).filter((object) => text(object.spec.host) !== undefined);
    if (own.some((object) => taken.has(idKey(object)))) return [];
    const exact = own.find((object) => (
      object.namespace === service.namespace && fullHost(text(object.spec.host)!, object) === service.host));
    if (exact) {
      const apply = { ...exact.source, spec: sending('DISABLE', exact.spec) };
      return [temporary(exact, exact, { change: { apply, replaces: exact, created: exact.created } })];
    }
    const wider = own[0] ? sending('DISABLE', own[0].spec) : { trafficPolicy: { tls: { mode: 'DISABLE' } } };
    const object = ruleFor(service.host, service.namespace, `${service.name}-mtls-transition`, wider, before.objects.readBy);
    return after.objects.of(KIND.DestinationRule).some(({ namespace, name }) => namespace === object.namespace && name === object.name)
      ? [] : [temporary(object, undefined, { change: { apply: object.source, created: YOUNGEST } })];
  });
}

function temporary(object: MeshObject, former: MeshObject | undefined, version: Version): ChangeUnit {
  return { object, former, versions: [{}, version], goal: 0 };
}

/** The TLS modes that rules may set temporarily. */
export type TemporaryTls = 'DISABLE' | 'ISTIO_MUTUAL';

/** The rule with one TLS mode for all ports and subsets, and its other settings. A port's entry inherits nothing, so each gets them. */
export function sending(mode: TemporaryTls, spec: Mapping): Mapping {
  const trafficPolicy = mapping(spec.trafficPolicy);
  const ofSubset =
    (policy: Mapping): Mapping => ({ ...sendingOnPorts(mode, policy), ...policy.tls !== undefined && { tls: tlsOf(mode, policy) } });
  const subsets = mappings(spec.subsets).map((subset) =>
    (isMapping(subset.trafficPolicy) ? { ...subset, trafficPolicy: ofSubset(subset.trafficPolicy) } : subset));
  return {
    ...spec,
    trafficPolicy: { ...sendingOnPorts(mode, trafficPolicy), tls: tlsOf(mode, trafficPolicy) },
    ...Array.isArray(spec.subsets) && { subsets },
  };
}

function sendingOnPorts(mode: TemporaryTls, { portLevelSettings, ...others }: Mapping): Mapping {
  if (!Array.isArray(portLevelSettings)) return others;
  return { ...others, portLevelSettings: mappings(portLevelSettings).map((entry) => ({ ...entry, tls: tlsOf(mode, entry) })) };
}

function tlsOf(mode: TemporaryTls, { tls }: Mapping): Mapping {
  return mapping(tls).mode === mode ? mapping(tls) : { mode };
}

function ruleFor(host: string, namespace: string, name: string, { trafficPolicy }: Mapping, readBy: Cluster): MeshObject {
  const spec = { host, trafficPolicy };
  return {
    ...readObject({ apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { namespace, name }, spec }, readBy)!,
    created: YOUNGEST,
  };
}
