import { ControlPlane } from '../../mesh/control-plane';
import { isMapping, Mapping, mapping, text } from '../../mesh/inventory/mapping';
import { MeshObject } from '../../mesh/inventory/object';
import { portOf } from '../../mesh/services/service';
import { Evidence } from '../evidence';
import { TrafficPolicyField, trafficPolicyFields } from '../fields';
import { Found } from '../mesh-finding';
import { setting } from '../remedies';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';
import { hostOf } from '../subsets';

export const portDropsTls: Rule = {
  code: 'MTLS306',
  name: 'port-drops-tls',
  severity: 'warning',
  title: 'A port\'s settings drop the TLS that holds for the other ports',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    const told = toldOfCalls(evidence);
    yield* foundByRevision(evidence, (plane) => findings(plane, evidence, told));
  },
};

function* findings(plane: ControlPlane, evidence: Evidence, told: ReadonlyMap<MeshObject, ReadonlySet<number>>): Generator<Found> {
  for (const { object, field, policy, subset, port } of evidence.trafficPolicyFields) {
    if (port === undefined || policy.tls !== undefined || !plane.reads(object)) continue;
    const tls = replaced(trafficPolicyFields(object), subset, port);
    const mode = text(tls.mode);
    const isLost = mode === 'SIMPLE' || mode === 'MUTUAL' || (mode === 'ISTIO_MUTUAL' && !plane.config.enableAutoMtls);
    if (!isLost || told.get(object)?.has(port) || !isPlain(evidence, object, port)) continue;
    yield {
      object,
      field,
      actual: `the settings of port ${port}, without tls`,
      expected: `tls ${mode} here too`,
      because: `an entry of portLevelSettings replaces all that holds for the other ports, and inherits nothing: calls to port ${port} are sent in plaintext`,
      fix: 'repeat tls in the entry; or write mode: DISABLE there if plaintext is meant',
      remedies: mode === 'ISTIO_MUTUAL' ? [setting(object, [...field, 'tls'], tls)] : [], // Whether others speak TLS there, nobody knows.
    };
  }
}

/** The TLS that would hold for a port without the entry: the subset's own, else that of the port, else the host's. */
function replaced(all: readonly TrafficPolicyField[], subset: string | undefined, port: number): Mapping {
  const policyOf = (of: string | undefined, number?: number): Mapping | undefined =>
    all.find((one) => one.subset === of && one.port === number)?.policy;
  const own = policyOf(subset)?.tls;
  if (isMapping(own) || subset === undefined) return mapping(own);
  return mapping((policyOf(undefined, port) ?? policyOf(undefined))?.tls);
}

/** The ports of which MTLS111 and MTLS115 tell, since the calls there are plaintext between sidecars. */
function toldOfCalls({ hops }: Evidence): ReadonlyMap<MeshObject, ReadonlySet<number>> {
  const told = new Map<MeshObject, Set<number>>();
  for (const { hop: { tlsReason, outcome, endpoint, rule, subset, target: { port } } } of hops) {
    if (tlsReason !== 'rule-hides-endpoint' || (outcome !== 'broken' && endpoint?.workload?.proxy.kind !== 'sidecar')) continue;
    for (const object of [subset?.object, rule?.policyFrom]) if (object) told.set(object, (told.get(object) ?? new Set()).add(port));
  }
  return told;
}

/** Settings for a port that the service doesn't have hold for nothing, and where applications speak TLS themselves none is lost. */
function isPlain({ mesh: { registry } }: Evidence, rule: MeshObject, number: number): boolean {
  const services = registry.byHost.get(hostOf(rule));
  return !services || services.some((service) => (portOf(service, number)?.protocol ?? 'TLS') !== 'TLS');
}
