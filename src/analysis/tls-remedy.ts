import { valueAt } from './policy-places';
import { isEntry, TlsPlace } from './tls-place';
import { FieldPath } from '../findings/field-path';
import { clusterTls } from '../mesh/client/client-tls';
import { endpointTls } from '../mesh/client/endpoint-tls';
import { TrafficPolicy } from '../mesh/client/traffic-policy';
import { DecidedLeg } from '../mesh/connections/decisions';
import { Leg } from '../mesh/connections/leg';
import { outcomeOf } from '../mesh/connections/outcome';
import { isWildcard } from '../mesh/names/hosts';
import { objectText } from '../mesh/objects/mesh-object';
import { integer, shape, shapes } from '../mesh/objects/shape';
import { connectable, portOf } from '../mesh/services/service';

/**
 * What to do about a `tls` that breaks a way: leave it out where auto mTLS would then do right, or else write the mode that
 * the server takes, for the port alone if there are others.
 */
export function tlsRemedy(place: TlsPlace, way: DecidedLeg): string {
  const { server, target: { host, port, service }, rule } = way.leg;
  const { mode } = server!;
  if (autoMtlsSuits(place, way)) return `${tlsRemoval(place)}, and auto mTLS sends what the server takes`;
  const right = mode === 'STRICT' || mode === 'PERMISSIVE' ? 'ISTIO_MUTUAL' : 'DISABLE';
  if (isWildcard(rule!.host)) return `add a DestinationRule for ${host} with tls.mode ${right} to namespace ${place.object.namespace}`;
  return isEntry(place) || connectable(service!).length === 1
    ? `write mode: ${right}` : `add an entry to portLevelSettings for port ${port}, with tls.mode ${right}`;
}

/** How clients are made to send what a mode says: by the rule that counts for them, since of a second one for its host istiod drops the TLS. */
export function tlsAddition({ rule, target: { host } }: Leg, mode: 'DISABLE' | 'ISTIO_MUTUAL', port?: number): string {
  const tls = `tls.mode ${mode}${port === undefined ? '' : ` for port ${port}`}`;
  return rule && !isWildcard(rule.host) ? `write ${tls} into ${objectText(rule.policyFrom ?? rule.from[0])}` : `add a DestinationRule for ${host} with ${tls}`;
}

/** How a `tls` is left out of a rule: with the policy around it if that says nothing else, since istiod's webhook refuses an empty one. */
export function tlsRemoval(place: TlsPlace): string {
  const { object, field } = place;
  if (!standsAlone(place)) return 'leave tls out';
  const around = field.slice(0, -1);
  if (!isEntry(place)) return `remove the ${wholeText(around)}`;
  const whole = around.slice(0, -2);
  const { portLevelSettings, ...others } = shape(valueAt(object, whole));
  if (shapes(portLevelSettings).length === 1 && Object.keys(others).length === 0) return `remove the ${wholeText(whole)}`;
  return `remove the entry for port ${portOfEntry(place)}`;
}

/** Whether the server would take what the client sends if a `tls` of its rule were left out. */
function autoMtlsSuits(place: TlsPlace, { decision: { classes }, leg: { rule, subset, target, endpoint, server, kind } }: DecidedLeg): boolean {
  const { autoMtls, policies } = classes.one!.plane!;
  if (!autoMtls.enabled) return false;
  const [service, isOfSubset] = [target.service!, place.field[1] === 'subsets'];
  const policy = policyWithout(place, (isOfSubset ? subset!.policy : rule!.policy)!);
  const cluster = isOfSubset
    ? clusterTls(service, portOf(service, target.port)!, rule, { ...subset!, policy }, autoMtls)
    : clusterTls(service, portOf(service, target.port)!, { ...rule!, policy }, subset, autoMtls);
  const taker = { mode: server!.mode, protocol: server!.protocol.protocol };
  return outcomeOf(endpointTls(cluster, endpoint!, policies).tls, taker, kind!) !== 'broken';
}

function policyWithout(place: TlsPlace, policy: TrafficPolicy): TrafficPolicy | undefined {
  const isAlone = standsAlone(place);
  if (!isEntry(place)) return isAlone ? undefined : { ...policy, tls: undefined };
  const number = portOfEntry(place);
  return { ...policy, ports: policy.ports.flatMap((entry) => (entry.port !== number ? [entry] : isAlone ? [] : [{ ...entry, tls: undefined }])) };
}

/** Whether the policy or port entry around a `tls` says nothing else. */
function standsAlone({ object, field }: TlsPlace): boolean {
  return Object.keys(shape(valueAt(object, field.slice(0, -1)))).every((key) => key === 'tls' || key === 'port');
}

function portOfEntry({ object, field }: TlsPlace): number | undefined {
  return integer(shape(shape(valueAt(object, field.slice(0, -1))).port).number);
}

function wholeText(policy: FieldPath): string {
  return policy[1] === 'subsets' ? 'subset\'s trafficPolicy' : 'trafficPolicy';
}
