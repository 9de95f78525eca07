import { isNaming, NamedFor, renamedList, Renaming } from './principals';
import { changed, FieldChange, FieldPath } from '../../findings/finding';
import { LAST_APPLIED } from '../../manifests/as-applied';
import { indexedMappings, isMapping, Mapping, mapping, text, texts } from '../../manifests/mapping';
import { atomsOf, readAuthorizationPolicy } from '../../mesh/authorization/policy';
import { isOf, KIND, kindNameOf } from '../../mesh/inventory/kinds';
import { MeshObject } from '../../mesh/inventory/object';

/** An annotation of a Service with further names of its servers, separated by commas. */
const CANONICAL_ACCOUNTS = 'alpha.istio.io/canonical-serviceaccounts';

/**
 * An object with peers' names in one trust domain extended by, or changed to, the names in the other. The same
 * source if it has no such names. Names of servers and clients that may be outside this mesh stay as they are.
 */
export function withNames(object: MeshObject, renaming: Renaming, namedFor: NamedFor): object {
  const changes = changesOf(object, renaming, namedFor);
  return changes.length === 0 ? object.source : changed(object.source, changes);
}

function changesOf(object: MeshObject, renaming: Renaming, namedFor: NamedFor): readonly FieldChange[] {
  if (isOf(object, KIND.AuthorizationPolicy)) return ofPolicy(object, renaming, namedFor);
  const renamed = (values: readonly string[]): readonly string[] => values.flatMap((value) => renamedUri(value, renaming, namedFor));
  const lists = sanLists(object).flatMap((path) => setting(object.source, path, renamed));
  const annotation = isOf(object, KIND.Service) ? object.annotations[CANONICAL_ACCOUNTS] : undefined;
  if (annotation === undefined) return lists;
  const next = [...new Set(renamed(annotation.split(',')))].join(',');
  return next === annotation ? lists : [...lists, { op: 'set', path: ['metadata', 'annotations', CANONICAL_ACCOUNTS], value: next }];
}

function ofPolicy(object: MeshObject, renaming: Renaming, namedFor: NamedFor): readonly FieldChange[] {
  return atomsOf(readAuthorizationPolicy(object)).flatMap(({ attribute, at }) =>
    (isNaming(attribute) ? setting(object.source, at.field, (values) => renamedList(attribute, values, renaming, namedFor)) : []));
}

function setting(source: object, path: FieldPath, next: (values: readonly string[]) => readonly string[]): readonly FieldChange[] {
  const values = texts(path.reduce<unknown>((at, step) => (at as Mapping | undefined)?.[step as string], source));
  const value = [...new Set(next(values))];
  return JSON.stringify(value) === JSON.stringify(values) ? [] : [{ op: 'set', path, value }];
}

function renamedUri(value: string, { from, to }: Renaming, namedFor: NamedFor): readonly string[] {
  const old = `spiffe://${from}/`;
  if (!value.startsWith(old)) return [value];
  const next = `spiffe://${to}/${value.slice(old.length)}`;
  return namedFor === 'both' ? [value, next] : [next];
}

/** The lists of an object with names of peers that have the mesh's own certificates. */
function sanLists(object: MeshObject): readonly FieldPath[] {
  const { spec } = object;
  switch (kindNameOf(object)) {
    case 'DestinationRule': return tlsOfRule(spec);
    case 'ServiceEntry': return spec.location === 'MESH_INTERNAL' ? [['spec', 'subjectAltNames']] : [];
    case 'Gateway': return tlsIn(spec.servers, ['spec', 'servers']);
    case 'Sidecar': return tlsIn(spec.ingress, ['spec', 'ingress']);
    default: return [];
  }
}

function tlsOfRule({ trafficPolicy, subsets }: Mapping): readonly FieldPath[] {
  return [
    ...tlsOfPolicy(trafficPolicy, ['spec', 'trafficPolicy']),
    ...indexedMappings(subsets)
      .flatMap(([index, subset]) => tlsOfPolicy(subset.trafficPolicy, ['spec', 'subsets', index, 'trafficPolicy'])),
  ];
}

function tlsOfPolicy(written: unknown, path: FieldPath): readonly FieldPath[] {
  const policy = mapping(written);
  return [...ofMutual(policy.tls, [...path, 'tls']), ...tlsIn(policy.portLevelSettings, [...path, 'portLevelSettings'])];
}

function tlsIn(written: unknown, path: FieldPath): readonly FieldPath[] {
  return indexedMappings(written).flatMap(([index, entry]) => ofMutual(entry.tls, [...path, index, 'tls']));
}

/** Only ISTIO_MUTUAL: in other modes the peers' certificates are from elsewhere. */
function ofMutual(tls: unknown, path: FieldPath): readonly FieldPath[] {
  return mapping(tls).mode === 'ISTIO_MUTUAL' ? [[...path, 'subjectAltNames']] : [];
}

/** A field that still has the old name, with unknown meaning. */
export interface Leftover {
  readonly object: MeshObject;
  readonly field: FieldPath;
}

/** How many fields of an object are reported. */
const TOLD = 3;

/** The fields of an object that contain the old trust domain as part of an identity, or as a proxy's trust domain. */
export function leftoversIn(object: MeshObject, from: string): readonly Leftover[] {
  // The lists of AuthorizationPolicies are handled elsewhere, and Secrets aren't read.
  if (isOf(object, KIND.AuthorizationPolicy) || isOf(object, KIND.Secret)) return [];
  const escaped = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const naming = new RegExp(`spiffe://${escaped}(?![A-Za-z0-9.-])|(?<![A-Za-z0-9.-])${escaped}/ns/`);
  const found: FieldPath[] = [];
  const visit = (value: unknown, path: FieldPath): void => {
    if (typeof value === 'string') {
      if (naming.test(value) || (path[path.length - 1] === TRUST_DOMAIN && value === from)) found.push(path);
    } else if (Array.isArray(value)) {
      value.forEach((entry, index) => visit(entry, [...path, index]));
    } else if (isMapping(value)) {
      if (value.name === TRUST_DOMAIN && text(value.value) === from) found.push([...path, 'value']);
      for (const [key, entry] of Object.entries(value)) if (!IGNORED.has(key)) visit(entry, [...path, key]);
    }
  };
  visit(object.source, []);
  return found.slice(0, TOLD).map((field) => ({ object, field }));
}

/** The variable with which an agent requests a certificate of a trust domain. */
const TRUST_DOMAIN = 'TRUST_DOMAIN';

/** Fields that servers and tools write, or derive from other fields. */
const IGNORED: ReadonlySet<string> = new Set(['status', 'managedFields', LAST_APPLIED]);
