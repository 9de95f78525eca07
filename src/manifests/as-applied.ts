import { isMapping, Mapping, mapping, text } from './mapping';

/** The annotation in which kubectl stores what it applied. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Fields of `metadata` that an API server writes. */
const WRITTEN_BY_SERVERS: ReadonlySet<string> = new Set([
  'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields',
  'selfLink',
]);

/** An object as applied: without its status, metadata that an API server writes, and kubectl's annotation. */
export function asApplied(object: Mapping): Mapping {
  const { status: _, ...rest } = object;
  if (!isMapping(rest.metadata)) return rest;
  const { annotations, ...metadata } = without(rest.metadata, WRITTEN_BY_SERVERS);
  const kept = isMapping(annotations) && Object.hasOwn(annotations, LAST_APPLIED) ? own(annotations) : annotations;
  return { ...rest, metadata: kept === undefined ? metadata : { ...metadata, annotations: kept } };
}

/** The annotations other than kubectl's; undefined if there are none. */
function own(annotations: Mapping): Mapping | undefined {
  const others = without(annotations, new Set([LAST_APPLIED]));
  return Object.keys(others).length === 0 ? undefined : others;
}

function without(fields: Mapping, names: ReadonlySet<string>): Mapping {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}

/**
 * The object for any cluster: as applied, and a Service without the addresses that its cluster assigned,
 * which another cluster may reject. An address that was applied stays, and so does `clusterIP: None`.
 */
export function ofAnyCluster(object: Mapping): Mapping {
  const applied = asApplied(object);
  if (!isMapping(applied.spec) || !hasAssignedAddress(object)) return applied;
  return { ...applied, spec: without(applied.spec, new Set(['clusterIP', 'clusterIPs'])) };
}

function hasAssignedAddress({ apiVersion, kind, metadata, spec }: Mapping): boolean {
  const { uid, annotations } = mapping(metadata);
  const address = text(mapping(spec).clusterIP);
  if (apiVersion !== 'v1' || kind !== 'Service' || text(uid) === undefined || address === undefined || address === 'None') return false;
  return !appliedAddress(text(mapping(annotations)[LAST_APPLIED]));
}

/** Whether kubectl applied a Service with an address. */
function appliedAddress(json: string | undefined): boolean {
  if (json === undefined) return false;
  try {
    return text(mapping(mapping(JSON.parse(json)).spec).clusterIP) !== undefined;
  } catch {
    return false;
  }
}
