import { Random } from './random';
import { DECLARED_CALLS } from '../../../src/manifests/kinds';

/** Objects with declarations, and how a second reading of these understands them. */
export interface DeclaredMesh {
  readonly objects: any[];
  /** Whether a workload makes a call, by what was written for it. */
  readonly makes: (client: { kind: string; namespace: string; name: string }, requested: { host: string; port: number }) => boolean;
}

interface Written {
  readonly text: string;
  readonly covers: (host: string) => boolean;
  readonly port?: number;
}

const KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod', 'Rollout']);

const keyOf = ({ kind, namespace, name }: { kind: string; namespace?: string; name: string }) => `${kind} ${namespace ?? 'default'}/${name}`;

/** An object that declares no calls. */
export function withoutDeclaredCalls(object: any): any {
  const { metadata, metadata: { annotations } } = object;
  if (annotations?.[DECLARED_CALLS] === undefined) return object;
  const { [DECLARED_CALLS]: _, ...others } = annotations;
  return { ...object, metadata: { ...metadata, annotations: others } };
}

/** The objects, without what they declare; some workloads declare calls to Services and hosts among them instead: none, some, or by a malformed list any. */
export function withDeclaredCalls(declaring: readonly any[], random: Random): DeclaredMesh {
  const objects = declaring.map(withoutDeclaredCalls);
  const names = objects.flatMap((object) => [...servicesIn(object), ...hostsIn(object)]);
  const declared = new Map<string, readonly Written[]>();
  const written = objects.map((object) => {
    if (!KINDS.has(object.kind) || random.below(3) === 0) return object;
    const isMalformed = random.below(8) === 0;
    const entries = names.filter(() => random.below(4) === 0).map((name) => portOf(name, random));
    const key = keyOf({ kind: object.kind, ...object.metadata });
    if (!isMalformed) declared.set(key, entries);
    const value = [...entries.map(({ text }) => text), ...isMalformed ? ['no such thing'] : []].join(random.of([',', ', ', ' ,\n']));
    return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [DECLARED_CALLS]: value } } };
  });
  const makes: DeclaredMesh['makes'] = (client, { host, port }) => (
    declared.get(keyOf(client))?.some((entry) => entry.covers(host) && (entry.port === undefined || entry.port === port)) ?? true);
  return { objects: written, makes };
}

interface Name {
  readonly text: string;
  readonly covers: (host: string) => boolean;
  readonly ports: readonly number[];
}

function portOf({ text, covers, ports }: Name, random: Random): Written {
  const port = random.of([undefined, ...ports]);
  return { text: port === undefined ? text : `${text}:${port}`, covers, port };
}

function servicesIn({ kind, metadata, spec }: any): readonly Name[] {
  if (kind !== 'Service') return [];
  const { namespace = 'default', name } = metadata;
  return [{ text: `${namespace}/${name}`, covers: (host) => host === `${name}.${namespace}.svc.cluster.local`, ports: (spec.ports ?? []).map(({ port }: any) => port) }];
}

function hostsIn({ kind, spec }: any): readonly Name[] {
  if (kind !== 'ServiceEntry') return [];
  const ports = (spec.ports ?? []).map(({ number }: any) => Number(number));
  return (spec.hosts ?? []).filter((host: unknown) => typeof host === 'string' && /^[\w*][\w.-]*$/.test(host)).map((written: string) => ({
    text: written, ports, covers: (host: string) => isCovered(written.toLowerCase(), host.toLowerCase()),
  }));
}

function isCovered(name: string, host: string): boolean {
  return host === name || (host.startsWith('*') && name.endsWith(host.slice(1)));
}
