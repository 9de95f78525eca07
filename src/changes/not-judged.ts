import { ObjectDifference, ReportedObjects } from './object-changes';
import { redacted } from '../findings/safe-text';
import type { MeshComparison } from '../mesh/compare/diff';
import { ComparedObject, objectOf } from '../mesh/compare/object-changes';
import { MeshObject } from '../mesh/inventory/object';

/** A changed object whose effect isn't analyzed. */
export interface NotJudged extends ObjectDifference {
  /** Why its effect isn't analyzed. */
  readonly why: string;
}

const [REQUESTS, OUTSIDE, FILTERS, TELEMETRY, PACKETS, UNREAD] = [
  'which requests are allowed isn\'t checked', 'calls from outside the mesh aren\'t checked', 'what filters do to requests isn\'t checked',
  'telemetry isn\'t checked', 'which packets the network lets through isn\'t checked', 'the model doesn\'t read this kind',
];

const WHY: Readonly<Record<string, string>> = {
  AuthorizationPolicy: REQUESTS,
  RequestAuthentication: REQUESTS,
  Gateway: OUTSIDE,
  GatewayClass: OUTSIDE,
  ReferenceGrant: OUTSIDE,
  EnvoyFilter: FILTERS,
  WasmPlugin: FILTERS,
  TrafficExtension: FILTERS,
  Telemetry: TELEMETRY,
  NetworkPolicy: PACKETS,
};

/** The API groups whose objects are listed, whatever their kind: those of Istio, the Gateway API, and Kubernetes' own networking. */
const LISTED = /\.istio\.io$|^gateway\.networking\.(?:k8s|x-k8s)\.io$|^networking\.k8s\.io$/;

/** The objects that aren't checked, by name; of kinds that have nothing to do with a mesh only their numbers. */
export function notJudgedIn(
  { unjudged, unread }: Pick<MeshComparison, 'unjudged' | 'unread'>, objects: ReportedObjects,
): { readonly unjudged: readonly NotJudged[]; readonly unread: Readonly<Record<string, number>> } {
  const listed = unread.filter((change) => isListed(objectOf(change)));
  const counts = new Map<string, number>();
  for (const change of unread) {
    const kind = redacted(objectOf(change).kind);
    if (!isListed(objectOf(change))) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return { unjudged: [...unjudged, ...listed].map((change) => notJudged(change, objects)), unread: Object.fromEntries([...counts].sort()) };
}

function notJudged(change: ComparedObject, objects: ReportedObjects): NotJudged {
  return { ...objects.of(change), why: WHY[objectOf(change).kind] ?? UNREAD };
}

function isListed({ group }: MeshObject): boolean {
  return LISTED.test(group);
}
