import { Case, casesOf } from './cases';
import { World, Worlds } from './worlds';
import { Condition, MissingInjection } from '../../findings/condition';
import { addTo, grouped } from '../collections';
import { MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { Call } from '../model/call';
import { concerns, destinationOf, Path, transportOf } from '../model/path';
import { Outcome, UndecidedReason, worst } from '../model/transport';
import { CallOfClient } from '../reasons/reasons';
import { endpointOwner } from '../services/endpoint';
import { factKey, missingOf } from '../workloads/missing-injection';
import { Workload } from '../workloads/workload';

/** The outcome of a connection where its ends' facts have certain values. */
export interface Branch {
  /** All of them hold. No other branch of the connection has the same values. */
  readonly conditions: readonly Condition[];
  /** `absent`: calls don't reach the server there. */
  readonly outcome: Outcome | 'absent';
  readonly undecidedBecause?: UndecidedReason;
  /** The paths, and who takes them; undefined: it is absent, or the worlds with these values disagree. */
  readonly taken?: { readonly caller: CallOfClient; readonly paths: readonly [Path, ...Path[]] };
}

/** A client's calls to one server, with their branches: a single one if the missing facts don't matter. */
export interface BranchedConnection {
  /** The client and its call in the mesh without the facts. */
  readonly caller: CallOfClient;
  /** The path in the mesh without the facts; of a server that calls reach only in some world, that of the first such world. */
  readonly path: Path;
  /** The missing facts of its ends, whether or not the outcome depends on them. */
  readonly facts: readonly MissingInjection[];
  readonly branches: readonly [Branch, ...Branch[]];
  /** The connection in each world. */
  readonly everywhere: readonly CallInWorld[];
}

/** Whether the outcome isn't the same in every case, or isn't known because it depends on further facts than those of the ends. */
export function dependsOnFacts({ branches }: Pick<BranchedConnection, 'branches'>): boolean {
  const isFurther = branches.some(({ outcome, undecidedBecause }) => outcome === 'undecided' && undecidedBecause === undefined);
  return isFurther || new Set(branches.map(({ outcome }) => outcome)).size > 1;
}

/** One call of a client in one world. */
interface CallInWorld extends Pick<World, 'change'> {
  readonly caller: CallOfClient;
  /** The facts that are true there. */
  readonly facts: ReadonlySet<string>;
  readonly paths: readonly Path[];
}

/** The outcome of each connection with each combination of the values of its ends' facts. */
export class Branches {
  private readonly clients: readonly ReadonlyMap<MeshObject, Workload>[];
  private readonly calls: readonly ReadonlyMap<string, Call>[];
  private readonly facts: ReadonlyMap<MeshObject, ReadonlySet<string>>;
  private readonly byKey: ReadonlyMap<string, MissingInjection>;

  /** @param mesh the one of which facts are missing */
  constructor(private readonly mesh: Mesh, private readonly worlds: Worlds) {
    const meshes = worlds.all.map((world) => world.mesh);
    this.clients = meshes.map(({ callers }) => new Map(callers.map((client) => [client.object, client])));
    this.calls = meshes.map(({ decisions: { calls } }) => new Map(calls.map((call) => [call.key, call])));
    this.facts = factsByObject([mesh, ...meshes]);
    this.byKey = new Map(worlds.facts.map((fact) => [factKey(fact), fact]));
  }

  /** The connections of a client's call: to each server that it reaches without the facts, or in some world. */
  of(client: Workload, call: Call): readonly BranchedConnection[] {
    const everywhere = this.worlds.all.map((_, index) => this.inWorld(index, client, call));
    const undecided = callIn(this.mesh, client, call);
    const keyOf = keysOf([undecided, ...everywhere].map(({ paths }) => paths));
    const byServer = everywhere.map(({ paths }) => grouped(paths, keyOf));
    const servers = new Map<string, Path>();
    for (const path of [undecided, ...everywhere].flatMap(({ paths }) => paths)) {
      const key = keyOf(path);
      if (!servers.has(key)) servers.set(key, path);
    }
    return [...servers].map(([key, path]) => {
      const own = everywhere.map((one, index) => ({ ...one, paths: byServer[index].get(key) ?? [] }));
      const ends = [client.object, ...[path, ...own.flatMap(({ paths }) => paths)].flatMap(ownersOf)];
      const facts = [...new Set(ends.flatMap((object) => [...this.facts.get(object) ?? []]))].sort().map((fact) => this.byKey.get(fact)!);
      const [first, ...others] = casesOf(own, facts, { of: resultIn, text: resultText, both: inBoth });
      return { caller: undecided.caller, path, facts, branches: [branchOf(first), ...others.map(branchOf)], everywhere: own };
    });
  }

  /** The missing facts that a workload's proxy depends on. */
  factsOf(object: MeshObject): readonly MissingInjection[] {
    return [...this.facts.get(object) ?? []].sort().map((fact) => this.byKey.get(fact)!);
  }

  private inWorld(index: number, client: Workload, { key }: Call): CallInWorld {
    const { mesh, ...world } = this.worlds.all[index];
    return { ...callIn(mesh, this.clients[index].get(client.object)!, this.calls[index].get(key)!), ...world };
  }
}

function branchOf({ conditions, value }: Case<Omit<Branch, 'conditions'>>): Branch {
  return { conditions, ...value };
}

function callIn({ decisions }: Mesh, client: Workload, call: Call): Pick<CallInWorld, 'caller' | 'paths'> {
  const caller = { client, one: decisions.senderOf(client), call };
  return { caller, paths: decisions.ofSender(call, caller.one)?.paths.filter((path) => concerns(path, client)) ?? [] };
}

/** The facts that each workload's proxy depends on, in some of the meshes. */
export function factsByObject(meshes: readonly Mesh[]): ReadonlyMap<MeshObject, ReadonlySet<string>> {
  const found = new Map<MeshObject, string[]>();
  for (const { workloads } of meshes) {
    for (const workload of workloads) {
      const fact = missingOf(workload);
      if (fact) addTo(found, workload.object, factKey(fact));
    }
  }
  return new Map([...found].map(([object, facts]) => [object, new Set(facts)]));
}

/**
 * The workloads and machines that receive the call, hop by hop; with those that decide about its TLS beside one that is called by its own
 * address, as behind a headless Service: auto mTLS then depends on all servers.
 */
export function ownersOf({ hops }: Path): readonly MeshObject[] {
  return hops.flatMap(({ received: { endpoint }, sent: { reason, by }, target: { service, port }, sender: { plane } }) => {
    const dependsOnAll = reason === 'not-all-endpoints' || (reason === 'auto-mtls' && by !== undefined);
    const beside = dependsOnAll && service && plane ? plane.serversOn(service, port) : [];
    return [...endpoint ? [endpoint] : [], ...beside].flatMap((one) => endpointOwner(one)?.object ?? []);
  });
}

const KEYS: readonly ((path: Path) => string)[] = [
  serversKey,
  (path) => `${serversKey(path)} ${destinationKey(path)}`,
  (path) => `${serversKey(path)} ${destinationKey(path)} ${path.hops.map(({ sent: { kind } }) => kind).join()}`,
];

/** Tells a client's paths of one call apart: by their servers, and further only where some world has several to one server. */
function keysOf(worlds: readonly (readonly Path[])[]): (path: Path) => string {
  return KEYS.find((keyOf) => worlds.every((paths) => new Set(paths.map(keyOf)).size === paths.length)) ?? KEYS[KEYS.length - 1];
}

function serversKey({ hops }: Path): string {
  return hops.map(({ received: { endpoint }, target: { host } }) => {
    if (!endpoint) return `host ${host}`;
    const { address, port } = endpoint;
    const owner = endpointOwner(endpoint);
    return owner ? `${owner.object.group} ${owner.kind} ${owner.namespace}/${owner.name}:${port}` : `${address}:${port}`;
  }).join(' > ');
}

function destinationKey(path: Path): string {
  const { host, port, subset = '' } = destinationOf(path);
  return `${host}:${port} ${subset}`;
}

/** Worlds with the same values may disagree, if the connection depends on further facts; of some values there is no world. */
function resultIn(worlds: readonly CallInWorld[]): Omit<Branch, 'conditions'> {
  const found = grouped(worlds, ({ paths }) => paths.map(resultOf).sort().join());
  if (found.size !== 1) return { outcome: 'undecided' };
  const [[{ caller, paths: [path, ...others] }]] = found.values();
  if (!path) return { outcome: 'absent' };
  const { outcome, undecidedBecause } = worst([path, ...others].map(transportOf));
  return { outcome, undecidedBecause, taken: { caller, paths: [path, ...others] } };
}

function resultText({ outcome, undecidedBecause }: Pick<Branch, 'outcome' | 'undecidedBecause'>): string {
  return `${outcome} ${undecidedBecause ?? ''}`;
}

/** Where only the worst of the paths come to the same in two branches, these alone: what the others come to holds in one of them. */
function inBoth(branch: Omit<Branch, 'conditions'>, same: Omit<Branch, 'conditions'>): Omit<Branch, 'conditions'> {
  const [some, others] = [branch, same].map(({ taken }) => taken?.paths.map(resultOf).sort().join());
  const { taken } = branch;
  if (!taken || some === others) return branch;
  const [first, ...further] = taken.paths.filter((path) => resultOf(path) === resultText(branch));
  return { ...branch, taken: { ...taken, paths: [first, ...further] } };
}

function resultOf(path: Path): string {
  return resultText(transportOf(path));
}
