// The model's connections of a mesh, held against the referee's.
import type { Connection } from '../../src/mesh/calls/connections';
import type { ObjectName } from '../../src/mesh/inventory/object';
import type { Mesh } from '../../src/mesh/mesh';
import { libraryModule } from '../library';
import type { JudgedMesh, Manifest } from '../manifest';
import { declaredOtherwise } from './declared-calls';
import { compareConfigs, explainedIn, undecidedKindsIn, type ConfigCounts } from './proxy-config';
import { unfounded } from './unmodelled';
import type { MeshVerdict, RefereeConnection, RefusedObject } from './verdict';
import { compareConnections, decidedOtherwise, type Comparison, type Difference, type UndecidedKinds } from './verdicts';

/** A compiled model: the class of it that makes meshes. */
export type Model = typeof Mesh;

type DescribedMesh = Omit<JudgedMesh, 'id'>;

/** The comparison of a mesh, and of the configuration behind its connections. */
export type MeshComparison = Comparison & { readonly configs: ConfigCounts };

/** The compiled model. */
export function modelIn(): Model {
  return libraryModule('mesh/mesh').Mesh;
}

/** A mesh by a model, in which workloads make every call unless only declared ones count. */
export function modelled(model: Model, { objects, servers, unseen: _, ...facts }: DescribedMesh, onlyDeclaredCalls = false): Mesh {
  const mesh = model.of(objects, { ...facts, onlyDeclaredCalls, parseYaml: libraryModule('manifests/yaml/read-yaml').readYaml });
  return servers ? mesh.towards(changedTo(mesh, servers)) : mesh;
}

/** A mesh after its objects have become others, while the same pods run. */
export function changedTo(mesh: Mesh, objects: readonly Manifest[]): Mesh {
  const { Inventory } = libraryModule('mesh/inventory/inventory');
  const { inventoryChange, objectChanges } = libraryModule('mesh/compare/object-changes');
  return mesh.running(objectChanges(mesh.objects, Inventory.of(objects, mesh.objects.readBy)).map(inventoryChange), mesh.workloads);
}

export function compareMesh(model: Model, mesh: DescribedMesh, verdict: MeshVerdict): MeshComparison {
  const judged = admittedOf(mesh, verdict);
  const made = modelled(model, judged);
  const ours: readonly Connection[] = [...made.connections()];
  const explained = explainedIn(made);
  const undecided = undecidedKindsIn(explained);
  const found = compareSaid(ours, judged, verdict, undecided);
  const { compared, uncompared, differences } = compareConfigs(explained, verdict, undecided, listedByChance(made));
  const declared = declaredOtherwise([...modelled(model, judged, true).connections()], ours, judged.objects, judged.clusterDomain);
  const others = [...differences, ...declared, ...unlikeRead(made, mesh, verdict)];
  return { ...found, configs: { compared, uncompared }, differences: [...found.differences, ...others] };
}

/**
 * What is said of the connections of a mesh, and what it is undecided for.
 *
 * @param judged the mesh, with the objects that a cluster admits
 */
export function compareSaid(ours: readonly Connection[], judged: DescribedMesh, verdict: MeshVerdict, undecided: UndecidedKinds): Comparison {
  const found = compareConnections(ours, verdict, undecided);
  const servers = judged.servers ?? judged.objects;
  const [ofServers, others] = [ours.filter(isOfServer), ours.filter((one) => !isOfServer(one))];
  const readsConfig = verdict.meshConfigError === undefined;
  const baselessAmong = (some: readonly Connection[], objects: readonly Manifest[]) => unfounded(some, objects, readsConfig);
  const baseless = [...baselessAmong(ofServers, servers), ...[judged.objects, servers].reduce(baselessAmong, others)];
  const beyond = baseless.map(({ client, requested, undecidedBecause }) => ({
    words: `unfounded ${undecidedBecause}`, text: `${JSON.stringify([client, requested])}\n  ours: ${undecidedBecause}, of no object that can reach the call`,
  }));
  return { ...found, differences: [...found.differences, ...beyond, ...verdict.last ? decidedOtherwise(ours, verdict.last) : []] };
}

/** Whether it is said to be undecided for a patch of the server's proxy, which the objects of the servers' own state make. */
function isOfServer({ because }: Connection): boolean {
  return because.some(({ kind, effect }) => kind === 'EnvoyFilter' && effect.includes('server\'s proxy'));
}

/**
 * Which connections are to services, or to servers of such, of whose endpoints istiod may know one thing or another, by chance; or to
 * servers with a port whose protocol it takes from any of several ports of a service.
 */
function listedByChance({ registry, dataPlanes }: Mesh): (connection: RefereeConnection) => boolean {
  const [hosts, servers] = [new Set<string>(), new Set<string>()];
  for (const service of registry.services) {
    // The names of servers that aren't ready count like those of the others.
    const endpoints = service.ports.flatMap((port) => [...registry.endpointsOf(service, port), ...registry.unreadyOf(service, port)]);
    for (const endpoint of endpoints) {
      const { listed, hasRivals, workload } = endpoint;
      const isListed = listed === 'address' || hasRivals;
      if (isListed) hosts.add(service.host);
      if (workload && (isListed || dataPlanes.receivers.receiverAt(endpoint).protocol.others)) servers.add(nameText(workload.object));
    }
  }
  return ({ service, server }) => hosts.has(service.host) || (server !== null && servers.has(nameText(server)));
}

function nameText({ kind, namespace, name }: ObjectName): string {
  return `${kind} ${namespace}/${name}`;
}

/** Whether the model can read the mesh config, and istiod can't, or the other way round; rare YAML is refused and told, however istiod reads it. */
function unlikeRead({ configs }: Mesh, { objects }: DescribedMesh, { meshConfigError }: MeshVerdict): readonly Difference[] {
  const ours = configs.of('default').isUnreadable === true;
  if (ours === (meshConfigError !== undefined)) return [];
  const [text = ''] = objects.flatMap(({ kind, metadata: { name }, data }) => (kind === 'ConfigMap' && name === 'istio' ? [String(data?.mesh)] : []));
  if (ours && !isReadable(text)) return [];
  return [{ words: `mesh config ${ours ? 'unreadable' : 'readable'}`, text: `mesh config ${text}\n  ours: ${ours ? 'unreadable' : 'readable'}\n  istiod: ${meshConfigError ?? 'readable'}` }];
}

function isReadable(text: string): boolean {
  try {
    libraryModule('manifests/yaml/read-yaml').readYaml(text);
    return true;
  } catch {
    return false;
  }
}

/** A mesh without the objects that the API server and istiod's webhook wouldn't have let in. */
export function admittedOf({ objects, servers, ...facts }: DescribedMesh, { refused, serversRefused }: Pick<MeshVerdict, 'refused' | 'serversRefused'>): DescribedMesh {
  return { ...facts, objects: admitted(objects, refused), servers: servers && admitted(servers, serversRefused ?? []) };
}

function admitted(objects: readonly Manifest[], refused: readonly RefusedObject[]): Manifest[] {
  const out = new Set(refused.map(nameOf));
  return objects.filter(({ kind, metadata: { namespace = 'default', name } }) => !out.has(nameOf({ kind, namespace, name })));
}

const nameOf = ({ kind, namespace, name }: ObjectName) => `${kind}/${namespace}/${name}`;
