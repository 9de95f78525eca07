import { ApiObject } from 'cdk8s';
import { audienceOf } from './export-to';
import { RefusalDetails, refusalMessage } from '../../findings/refusal';
import { mapping } from '../../manifests/mapping';
import { AppCheck, foreignObjects, textsIn } from '../app-check';
import { Refuse } from '../refuse';

const EXPORT_TO = 'networking.istio.io/exportTo';

/** The parts of a Sidecar by which another can conflict with it; without labels it applies to its whole namespace. */
interface Scope {
  readonly apiObject: ApiObject;
  readonly namespace?: string;
  readonly labels: Record<string, string>;
  /** Whether declared calls make it. */
  readonly isOfCalls?: boolean;
}

/** A SidecarScope; its labels, and what it calls, are read at synth. */
export interface OwnScope {
  readonly apiObject: ApiObject;
  readonly namespace: string;
  readonly labels: () => Record<string, string>;
  readonly isOfCalls?: boolean;
  /** Throws if it calls a host that isn't exported to its namespace. */
  readonly check: () => void;
}

/** Reports conflicts between the Sidecars of a mesh, from this library or not, at synth. */
export const sidecarScopes = new AppCheck<OwnScope>((own, { facts }) => {
  const errors: string[] = [];
  const known: Scope[] = foreignObjects(facts, own, { group: 'networking.istio.io', kind: 'Sidecar' })
    .map(({ apiObject, namespace, spec }) => (
      { apiObject, namespace, labels: (mapping(spec.workloadSelector).labels ?? {}) as Record<string, string> }));
  for (const { check, ...scope } of own) {
    try {
      check();
      const read = { ...scope, labels: scope.labels() };
      const rival = known.find((other) => other.namespace === read.namespace && areOfOnePod(other.labels, read.labels));
      if (rival) errors.push(collision(read, rival));
      known.push(read);
    } catch (error) { // a pod template without labels, or a service that isn't exported to the namespace
      errors.push((error as Error).message);
    }
  }
  return errors;
});

/** Whether all pods of one are pods of the other; a Sidecar with a selector takes precedence over that of the whole namespace. */
function areOfOnePod(one: Record<string, string>, other: Record<string, string>): boolean {
  const [fewer, more] = Object.keys(one).length <= Object.keys(other).length ? [one, other] : [other, one];
  if (Object.keys(fewer).length === 0) return Object.keys(more).length === 0;
  return Object.entries(fewer).every(([key, value]) => more[key] === value);
}

function collision({ apiObject, namespace, labels, isOfCalls }: Scope, rival: Scope): string {
  const pods = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(', ');
  const other = `Sidecar '${[rival.namespace, rival.apiObject.name].filter(Boolean).join('/')}' (${rival.apiObject.node.path})`;
  const refused: RefusalDetails = {
    code: 'API826',
    kind: apiObject.kind,
    name: `${namespace}/${apiObject.name}`,
    path: apiObject.node.path,
    field: 'workloadSelector',
    actual: `${pods || 'missing'}, and ${other} is for the same pods`,
    expected: 'one Sidecar for each pod',
    because: "Istio applies only one of them, and doesn't promise which",
    fix: isOfCalls || rival.isOfCalls
      ? 'remove the one that no declared calls make, or give the pods different labels'
      : 'merge the two, or select different labels in one',
  };
  return refusalMessage(refused);
}

/** Rejects calls to a service that isn't exported to the namespace. */
export function checkSeen(service: ApiObject, namespace: string, refuse: Refuse): void {
  const { spec, metadata } = service.toJson();
  const annotation: unknown = metadata?.annotations?.[EXPORT_TO];
  const exportTo = service.kind === 'ServiceEntry' ? textsIn(spec?.exportTo)
    : typeof annotation === 'string' ? annotation.split(',').map((entry) => entry.trim())
      : [];
  const audience = audienceOf(exportTo, service.metadata.namespace ?? '');
  if (!audience || audience.has(namespace)) return;
  throw refuse({
    code: 'API827',
    field: 'egress.hosts',
    actual: `with ${service.kind} ${service.name}, whose exportTo is [${exportTo.map((entry) => `'${entry}'`).join(', ')}]`,
    expected: `a service that is exported to '${namespace}'`,
    because: 'sidecars never see services that aren\'t exported to their namespace',
    fix: `add '${namespace}' to its exportTo`,
  });
}
