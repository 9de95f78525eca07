import { Evidence } from './evidence';
import { isEntry, podField } from './fields';
import { Found } from './mesh-finding';
import { workloadsText } from './texts';
import { changed, ChangedObject, FieldChange, FieldPath, ObjectChange, valueAt } from '../findings/finding';
import { isMapping, Mapping, mapping, mappings, text } from '../manifests/mapping';
import { DecidedHop } from '../mesh/calls/decisions';
import { REVISION } from '../mesh/config/revisions';
import { autoMtlsOf } from '../mesh/dataplane/client-tls';
import { FieldRef } from '../mesh/inventory/field-ref';
import { nameOf, objectText, MeshObject } from '../mesh/inventory/object';
import { Hop } from '../mesh/model/hop';
import { isWildcard } from '../mesh/names/hosts';
import { portEntry as entryOf } from '../mesh/policies/destination-rule';
import { portOf, Service } from '../mesh/services/service';
import { PodSource } from '../mesh/workloads/pod-template';
import { Workload } from '../mesh/workloads/workload';

// The only place in the analysis that reads surrounding YAML, because a change of YAML depends on it; it derives no meaning.

/** How to fix something: in words, and as candidate changes. */
export type Remedy = Pick<Found, 'fix' | 'remedies'>;

type SentMode = 'DISABLE' | 'ISTIO_MUTUAL';

/**
 * How to fix a `tls` that breaks a hop: remove it, so that auto mTLS sends what the server
 * accepts; or set the mode that the server accepts, for all ports or only for the called one.
 */
export function tlsRemedy(
  ref: FieldRef, { hop: { sender, received: { receiver }, rule, target: { service, host, port } } }: DecidedHop,
): Remedy {
  const mode = receiver!.mode === 'STRICT' || receiver!.mode === 'PERMISSIVE' ? 'ISTIO_MUTUAL' : 'DISABLE';
  const { object, field } = ref;
  const own = valueAt(object.source, field);
  if (isWildcard(rule!.host)) return ownRule(ref, service!, mode); // The wildcard may cover hosts that the manifests don't show.
  const isAuto = autoMtlsOf(sender.plane!).enabled;
  return {
    fix: `make the rule send ${mode === 'DISABLE' ? 'plaintext' : 'mutual TLS'} to port ${port} of ${host}`,
    remedies: [
      ...(isAuto && rule!.from.length === 1 ? tlsRemoval(ref) : []), // Of several merged rules, another policy might apply.
      Object.keys(mapping(own)).every((key) => key === 'mode')
        ? setting(object, [...field, 'mode'], mode)
        : setting(object, field, { mode }),
      ...(isEntry(ref) || field[1] === 'subsets' ? [] : [portEntry(object, field.slice(0, -1), port, mode)]),
    ],
  };
}

/**
 * How to make clients send what a mode requires: in the rule that applies to
 * them, since istiod drops the TLS of a second rule for the host.
 */
export function tlsAddition({ rule, subset, target: { host, service } }: Hop, mode: SentMode, port?: number): Remedy {
  const tls = `tls.mode ${mode}${port === undefined ? '' : ` for port ${port}`}`;
  if (rule && isWildcard(rule.host)) {
    return { fix: `add a DestinationRule for ${host} with ${tls} and the settings of ${objectText(rule.object)}` };
  }
  if (!rule) return { fix: `add a DestinationRule for ${host} with ${tls}`, remedies: [newRule(service!, mode, port)] };
  const { object, field: policy } = rule.policyAt;
  const own = port === undefined ? undefined : entryOf(rule.policy, port);
  return {
    fix: `add ${tls} to ${objectText(object)}`,
    remedies: subset?.policy ? [] : [
      own ? setting(object, [...own.at.field, 'tls'], { mode })
        : port === undefined ? setting(object, [...policy, 'tls'], { mode }) : portEntry(object, policy, port, mode),
    ],
  };
}

/**
 * How to remove a `tls` from a rule. A policy that becomes empty is removed too, since istiod's webhook rejects it.
 * A port's entry without `tls` is only removed if the settings for the other ports are empty as well.
 */
export function tlsRemoval(ref: FieldRef): readonly ObjectChange[] {
  const { object, field } = ref;
  if (!isEntry(ref)) return [removing(object, field)];
  const wide = mapping(valueAt(object.source, field.slice(0, -3)));
  return Object.keys(wide).every((key) => key === 'tls' || key === 'portLevelSettings') ? [removing(object, field)] : [];
}

/** An entry for one port. It repeats the settings for the other ports, since an entry replaces them. */
function portEntry(object: MeshObject, policy: FieldPath, port: number, mode: SentMode): ObjectChange {
  const { portLevelSettings, ...wide } = mapping(valueAt(object.source, policy));
  const copied: Mapping = Object.fromEntries(['loadBalancer', 'connectionPool', 'outlierDetection'].flatMap((key) => (
    isMapping(wide[key]) ? [[key, wide[key]]] : [])));
  return setting(object,
    [...policy, 'portLevelSettings', mappings(portLevelSettings).length], { port: { number: port }, ...copied, tls: { mode } });
}

/** A copy of a wildcard's rule for one of its hosts, with another `tls`. */
function ownRule({ object, field }: FieldRef, { host, name }: Service, mode: SentMode): Remedy {
  const { apiVersion, kind, namespace } = changedObject(object);
  const { spec } = changed(object.source,
    [{ op: 'set', path: ['spec', 'host'], value: host }, { op: 'set', path: field, value: { mode } }]) as Mapping;
  const revision = object.labels[REVISION];
  const metadata = { name, namespace, ...revision !== undefined && { labels: { [REVISION]: revision } } };
  return {
    fix: `add a DestinationRule for ${host} with tls.mode ${mode} and the other settings of this one`,
    remedies: [{
      object: { apiVersion, kind, namespace, name },
      manifest: { apiVersion, kind, metadata, spec: exportedOnce(mapping(spec), namespace) },
    }],
  };
}

/** The `exportTo` without repeated namespaces, which istiod's webhook rejects. */
function exportedOnce(spec: Mapping, home: string): Mapping {
  if (!Array.isArray(spec.exportTo)) return spec;
  const named = spec.exportTo.map((entry: unknown) => (entry === '.' ? home : entry));
  return { ...spec, exportTo: spec.exportTo.filter((_, index) => named.indexOf(named[index]) === index) };
}

/** A rule for a host that has none. */
function newRule({ host, name, namespace }: Service, mode: SentMode, port: number | undefined): ObjectChange {
  const tls = { mode };
  const trafficPolicy = port === undefined ? { tls } : { portLevelSettings: [{ port: { number: port }, tls }] };
  const type = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule' };
  return { object: { ...type, namespace, name }, manifest: { ...type, metadata: { name, namespace }, spec: { host, trafficPolicy } } };
}

/** Sets one field. */
export function setting(object: MeshObject, path: FieldPath, value: unknown): ObjectChange {
  return change(object, { op: 'set', path, value });
}

export function change(object: MeshObject, ...fields: readonly FieldChange[]): ObjectChange {
  return { object: changedObject(object), fields };
}

/** The change that deletes an object. */
export function deletionOf(object: MeshObject): ObjectChange {
  return { object: changedObject(object), delete: true };
}

/** How a change identifies its object: with the API version, since objects of two groups may have the same kind. */
export function changedObject(object: MeshObject): ChangedObject {
  return { apiVersion: text((object.source as Mapping).apiVersion)!, ...nameOf(object) };
}

/** Removes a field, and parents in the spec that become empty. */
export function removing(object: MeshObject, path: FieldPath): ObjectChange {
  return change(object, { op: 'remove', path: wholeOf(object, path) });
}

/** The same for a field of a workload's pods. */
export function removingAt({ object, field }: PodSource): ObjectChange {
  return removing(object, field);
}

/** Copies a field's value into another object. */
export function copying(object: MeshObject, from: MeshObject, path: FieldPath): ObjectChange {
  const value = valueAt(from.source, path);
  return value === undefined ? removing(object, path) : setting(object, path, value);
}

/** Removes a label from a workload's pods; empty if the workload's own selector needs the label, since the API server rejects that. */
export function removingLabel(workload: Workload, label: string): readonly ObjectChange[] {
  const ref = podField(workload, 'metadata', 'labels', label);
  const selector = mapping(ref.object.spec.selector);
  const isSelected = label in selector || label in mapping(selector.matchLabels)
    || mappings(selector.matchExpressions).some(({ key }) => key === label);
  return isSelected ? [] : [removingAt(ref)];
}

function wholeOf(object: MeshObject, path: FieldPath): FieldPath {
  const around = path.slice(0, -1);
  return around.length > 1 && !around.includes('metadata') && isAlone(valueAt(object.source, around),
    path[path.length - 1]) ? wholeOf(object, around) : path;
}

/** Whether a field is the only content of its parent; the port of an entry in `portLevelSettings` doesn't count. */
function isAlone(around: unknown, step: string | number): boolean {
  if (Array.isArray(around)) return around.length === 1;
  return Object.keys(around as object).every((key) => key === step || (key === 'port' && step === 'tls'));
}

/** Declares a port's protocol, with `appProtocol`, since other objects may refer to the port's name. */
export function protocolSet(service: Service, port: number, protocol: string): ObjectChange {
  const { at: { object, field } } = portOf(service, port)!;
  return service.registry === 'Kubernetes' ? setting(object, [...field, 'appProtocol'], protocol.toLowerCase())
    : setting(object, [...field, 'protocol'], protocol);
}

/** How to make ports of workloads accept plaintext as well as mutual TLS. */
export function makePermissive(evidence: Evidence, workloads: readonly Workload[], ports: readonly number[]): string {
  return portException(evidence, workloads, ports, 'PERMISSIVE');
}

/** How to give ports of workloads a mode of their own: in the policy that applies to them, since istiod ignores a second one. */
export function portException(
  evidence: Evidence, workloads: readonly Workload[], ports: readonly number[], mode: 'PERMISSIVE' | 'DISABLE',
): string {
  const { winner } = evidence.planeOf(workloads[0]).policies.ofWorkload(workloads[0]);
  const exceptions = `portLevelMtls ${ports.map((port) => `${port}: ${mode}`).join(', ')}`;
  return winner
    ? `add ${exceptions} to ${objectText(winner.object)}`
    : `add a PeerAuthentication for ${workloadsText(workloads)} with ${exceptions}`;
}

/** The advice for ports that an annotation excludes from the sidecar although they should be STRICT. */
export function letSidecarHave(ports: readonly number[]): string {
  return `stop excluding port ${ports.join(', ')} from the sidecar, and set it to PERMISSIVE in portLevelMtls if `
    + 'clients outside the mesh need it';
}
