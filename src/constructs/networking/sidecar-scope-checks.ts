import { ApiObject } from 'cdk8s';
import { audienceOf } from './export-to';
import { RefusalDetails, refusalMessage } from '../../findings/refusal';
import { mapping } from '../../manifests/mapping';
import { AppCheck, foreignObjects, textsIn } from '../app-check';
import { Refuse } from '../refuse';

const EXPORT_TO = 'networking.istio.io/exportTo';

/** A Sidecar as far as others can collide with it; without labels it is for its whole namespace. */
interface Scope {
  readonly apiObject: ApiObject;
  readonly namespace?: string;
  readonly labels: Record<string, string>;
}

/** A SidecarScope; its labels, and what it calls, are read at synth. */
export interface OwnScope {
  readonly apiObject: ApiObject;
  readonly namespace: string;
  readonly labels: () => Record<string, string>;
  /** Throws if it couldn't see what it calls. */
  readonly check: () => void;
}

/** The Sidecars of an app, ours and others', held against each other at synth. */
export const sidecarScopes = new AppCheck<OwnScope>((own, root) => {
  const errors: string[] = [];
  const known: Scope[] = foreignObjects(root, own, { group: 'networking.istio.io', kind: 'Sidecar' }).map(({ apiObject, namespace, spec }) => (
    { apiObject, namespace, labels: (mapping(spec.workloadSelector).labels ?? {}) as Record<string, string> }));
  for (const { check, ...scope } of own) {
    try {
      check();
      const read = { ...scope, labels: scope.labels() };
      const rival = known.find((other) => other.namespace === read.namespace && areOfOnePod(other.labels, read.labels));
      if (rival) errors.push(collision(read, rival));
      known.push(read);
    } catch (error) { // a pod template without labels, or a service that isn't seen
      errors.push((error as Error).message);
    }
  }
  return errors;
});

/** Whether pods that one selects are surely selected by the other, too; a whole namespace's Sidecar yields to those that select. */
function areOfOnePod(one: Record<string, string>, other: Record<string, string>): boolean {
  const [fewer, more] = Object.keys(one).length <= Object.keys(other).length ? [one, other] : [other, one];
  if (Object.keys(fewer).length === 0) return Object.keys(more).length === 0;
  return Object.entries(fewer).every(([key, value]) => more[key] === value);
}

function collision({ apiObject, namespace, labels }: Scope, rival: Scope): string {
  const pods = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(', ');
  const other = `Sidecar '${[rival.namespace, rival.apiObject.name].filter(Boolean).join('/')}' (${rival.apiObject.node.path})`;
  const refused: RefusalDetails = {
    code: 'MTLS826',
    kind: apiObject.kind,
    name: `${namespace}/${apiObject.name}`,
    path: apiObject.node.path,
    field: 'workloadSelector',
    actual: `${pods || 'missing'}, and ${other} is for the same pods`,
    expected: 'one Sidecar for a pod',
    because: 'Istio applies one of them, and promises nothing about which',
    fix: 'merge the two, or give one other labels',
  };
  return refusalMessage(refused);
}

/** Refuses to call what the namespace's clients don't find. */
export function checkSeen(service: ApiObject, namespace: string, refuse: Refuse): void {
  const { spec, metadata } = service.toJson();
  const annotation: unknown = metadata?.annotations?.[EXPORT_TO];
  const exportTo = service.kind === 'ServiceEntry' ? textsIn(spec?.exportTo) : typeof annotation === 'string' ? annotation.split(',').map((entry) => entry.trim()) : [];
  const audience = audienceOf(exportTo, service.metadata.namespace ?? '');
  if (!audience || audience.has(namespace)) return;
  throw refuse({
    code: 'MTLS827',
    field: 'egress.hosts',
    actual: `with ${service.kind} ${service.name}, whose exportTo is [${exportTo.map((entry) => `'${entry}'`).join(', ')}]`,
    expected: `what is exported to '${namespace}'`,
    because: 'no scope shows sidecars what their namespace doesn\'t find',
    fix: `add '${namespace}' to its exportTo`,
  });
}
