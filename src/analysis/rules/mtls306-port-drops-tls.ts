import { valueAt } from '../../findings/finding';
import { ControlPlane } from '../../mesh/control-planes/control-plane';
import { within } from '../../mesh/inventory/field-ref';
import { MeshObject } from '../../mesh/inventory/object';
import { DestinationRule, policyForPort, PolicyOfRule, TlsSettings } from '../../mesh/policies/destination-rule';
import { portOf } from '../../mesh/services/service';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { setting } from '../remedies';
import { foundByRevision } from '../revisions';
import { Rule } from '../rule';

export const portDropsTls: Rule = {
  code: 'MTLS306',
  name: 'port-drops-tls',
  severity: 'warning',
  title: 'Port-level settings drop the TLS that applies to the other ports',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    const told = toldOfCalls(evidence);
    yield* foundByRevision(evidence, (plane) => findings(plane, evidence, told));
  },
};

function* findings(plane: ControlPlane, evidence: Evidence, told: ReadonlyMap<MeshObject, ReadonlySet<number>>): Generator<Found> {
  for (const one of evidence.trafficPolicies) {
    const { rule, policy, port } = one;
    const { object } = rule;
    if (port === undefined || policy.tls || !plane.reads(object)) continue;
    const tls = replacedTls(one, port);
    const isLost = tls?.mode === 'SIMPLE' || tls?.mode === 'MUTUAL' || (tls?.mode === 'ISTIO_MUTUAL' && !plane.config.enableAutoMtls);
    if (!isLost || told.get(object)?.has(port) || !isPlain(evidence, rule, port)) continue;
    yield {
      object,
      field: policy.at.field,
      actual: `the settings of port ${port}, without tls`,
      expected: `tls ${tls.mode} here too`,
      because: 'an entry of portLevelSettings replaces all settings of the other ports and inherits nothing: '
        + `calls to port ${port} are sent in plaintext`,
      fix: 'repeat tls in the entry, or set mode: DISABLE there if plaintext is intended',
      // The manifests don't show whether servers accept other TLS there.
      remedies: tls.mode === 'ISTIO_MUTUAL' ? [setting(object, within(policy.at, 'tls').field, valueAt(object.source, tls.at.field))] : [],
    };
  }
}

/** The TLS that would apply to a port without the entry: the subset's, or else the port's, or else the host's. */
function replacedTls({ rule, subset }: PolicyOfRule, port: number): TlsSettings | undefined {
  return subset?.policy?.tls ?? (subset ? policyForPort(rule.policy, port) : rule.policy)?.tls;
}

/** Ports that MTLS111 and MTLS115 report, since calls there are in plaintext between sidecars. */
function toldOfCalls({ hops }: Evidence): ReadonlyMap<MeshObject, ReadonlySet<number>> {
  const told = new Map<MeshObject, Set<number>>();
  for (const { hop: { sent: { reason: tlsReason }, outcome, received: { endpoint }, rule, subset, target: { port } } } of hops) {
    if (tlsReason !== 'rule-hides-endpoint' || (outcome !== 'broken' && endpoint?.workload?.proxy.encrypts !== true)) continue;
    for (const object of [subset?.object, rule?.policy?.at.object]) if (object) told.set(object, (told.get(object) ?? new Set()).add(port));
  }
  return told;
}

/**
 * False for a port that the service doesn't have, where settings have no effect, and for applications with their own TLS, which lose none.
 */
function isPlain({ mesh: { registry } }: Evidence, { host }: DestinationRule, number: number): boolean {
  const services = registry.byHost.get(host);
  return !services || services.some((service) => (portOf(service, number)?.protocol ?? 'TLS') !== 'TLS');
}
