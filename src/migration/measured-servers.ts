import { LostCall, lostHop } from './callers';
import { MeasuredCall, MeasuredWorkload, Measurement, scrapedPart } from './measurements';
import { newObject, freeName, isInScope, policyOf, selectorOf } from './target';
import { mapping, mappings } from '../manifests/mapping';
import { grouped } from '../mesh/collections';
import { sidecarReceiversOf } from '../mesh/dataplane/sidecar/sidecar-receivers';
import { InventoryChange } from '../mesh/inventory/inventory';
import { isOf, KIND } from '../mesh/inventory/kinds';
import { compareTexts, idKey, MeshObject, ObjectId, ObjectName, readObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { servedPorts } from '../mesh/queries/served-ports';
import { Workload } from '../mesh/workloads/workload';

/** The measurements of a mesh, and the servers for which they aren't needed. */
export interface MeasuredCalls {
  /** One for each Prometheus. */
  readonly measurements: readonly Measurement[];
  /** `namespace`, or `namespace/workload`: servers that get the mode although not all of their callers are known. */
  readonly accepted: readonly string[];
  /** The Telemetries in the manifests, which may keep calls from being counted. */
  readonly telemetries: readonly unknown[];
}

/** A server for which measurements don't show that only known callers send it plaintext. */
export interface UnknownCallers {
  readonly server: ObjectId;
  /** Callers that send it plaintext and aren't known lost callers; undefined for a caller without a name in the metrics. */
  readonly callers: readonly (MeasuredWorkload | undefined)[];
  /** The part of the window in which its proxies were scraped, from 0 to 1. */
  readonly scraped: number;
  /** Whether its calls are counted as the query expects: no Telemetry prevents it. */
  readonly isCounted: boolean;
}

/** A call that was measured, between workloads of which the client declares other calls. */
export interface UndeclaredMeasurement {
  readonly source: MeasuredWorkload;
  readonly destination: MeasuredWorkload;
}

/** A part of the window that counts as the whole. */
const WHOLE = 1;

/** Measurements by client and server. */
export class Measured {
  private readonly byServer: ReadonlyMap<string, readonly MeasuredCall[]>;
  private readonly uncounted: ReadonlySet<string>;
  private readonly byName: ReadonlyMap<string, readonly Workload[]>;

  constructor(private readonly calls: MeasuredCalls, private readonly mesh: Mesh) {
    this.byServer = grouped(calls.measurements.flatMap((one) => one.calls), ({ destination }) => nameKey(destination));
    this.byName = grouped(mesh.callers, nameKey);
    const changes = ({ spec }: MeshObject): boolean => mappings(spec.metrics).some(({ overrides }) => mappings(overrides).length > 0);
    this.uncounted = new Set(calls.telemetries.flatMap((one) => readObject(one) ?? []).filter(changes).map(({ namespace }) => namespace));
  }

  /** Whether a client sent plaintext to a server. */
  has(client: ObjectName, server: ObjectName): boolean {
    return this.to(server).some(({ source }) => source !== undefined && nameKey(source) === nameKey(client));
  }

  /** Whether all plaintext that a server received during the window is known, and none came from a caller without a name. */
  isComplete(server: ObjectName): boolean {
    const isKnown = ({ source }: MeasuredCall): boolean => source !== undefined && this.isOfMesh(source);
    return this.scraped(server) >= WHOLE && this.isCounted(server) && this.to(server).every(isKnown);
  }

  /** Servers that newly reject plaintext of callers that aren't known, except accepted ones. */
  unknownCallers(before: Mesh, wanted: readonly LostCall[], after: Mesh): readonly UnknownCallers[] {
    const known = new Set(wanted.map((call) => {
      const { hop: { received: { endpoint } }, sender } = lostHop(call);
      return pairKey(sender, endpoint?.workload);
    }));
    return newlyStrict(before, after).flatMap(({ server, ports }) => {
      if (this.calls.accepted.some((scope) => isInScope(server, scope))) return [];
      const isNamed = ports.some((port) => port !== undefined);
      const isKnown = (source: MeasuredWorkload): boolean => (
        this.workloadsNamed(source).some((client) => known.has(pairKey(client, server))));
      const unknown = this.to(server).filter(({ source, isToService }) => (isNamed || !isToService) && !(source && isKnown(source)));
      const scraped = this.scraped(server);
      const isCounted = this.isCounted(server);
      const needsProof = isNamed || (isLasting(server) && hasProxy(before, server));
      if (unknown.length === 0 && (!needsProof || (scraped >= WHOLE && isCounted))) return [];
      const callers = [...new Map(unknown.map(({ source }) => [source && nameKey(source), source])).values()];
      return [{ server, callers, scraped, isCounted }];
    });
  }

  /** The number of measured workloads, clients or servers, that the mesh doesn't have. */
  get foreign(): number {
    const all = this.calls.measurements.flatMap(({ calls }) => (
      calls.flatMap(({ source, destination }) => [...source ? [source] : [], destination])));
    return new Set(all.filter((one) => !this.isOfMesh(one)).map(nameKey)).size;
  }

  /** The measured calls of workloads that declare their calls, and declare none that reaches this server; each once. */
  get undeclared(): readonly UndeclaredMeasurement[] {
    const found = new Map<string, UndeclaredMeasurement>();
    for (const { source, destination } of this.calls.measurements.flatMap(({ calls }) => calls)) {
      const clients = source ? this.workloadsNamed(source) : [];
      if (clients.length === 0 || !this.isOfMesh(destination)) continue;
      if (clients.some((client) => this.mayCall(client, destination))) continue;
      found.set(`${nameKey(source!)} ${nameKey(destination)}`, { source: source!, destination });
    }
    return [...found].sort(([one], [other]) => compareTexts(one, other)).map(([, one]) => one);
  }

  /** Whether a client declares a call that reaches a server, or declares nothing. */
  private mayCall(client: Workload, server: MeasuredWorkload): boolean {
    const { decisions, declarations } = this.mesh;
    const calls = declarations.get(client)?.calls;
    if (!calls) return true;
    return [...calls].some((call) => (decisions.ofSender(call, decisions.senderOf(client))?.paths ?? []).some(({ hops }) => (
      hops.some(({ received: { endpoint } }) => endpoint?.workload && nameKey(endpoint.workload) === nameKey(server)))));
  }

  private to(server: ObjectName): readonly MeasuredCall[] {
    return this.byServer.get(nameKey(server)) ?? [];
  }

  private scraped(server: ObjectName): number {
    return Math.max(0, ...this.calls.measurements.map((one) => scrapedPart(one, server)));
  }

  private isCounted({ namespace }: ObjectName): boolean {
    return !this.uncounted.has(namespace) && !this.uncounted.has(this.mesh.planes.default.config.rootNamespace);
  }

  private isOfMesh(one: MeasuredWorkload): boolean {
    return this.workloadsNamed(one).length > 0;
  }

  private workloadsNamed({ namespace, name }: MeasuredWorkload): readonly Workload[] {
    return this.byName.get(nameKey({ namespace, name })) ?? [];
  }
}

function nameKey({ namespace, name }: MeasuredWorkload): string {
  return `${namespace}/${name}`;
}

function pairKey(client: ObjectId, server: ObjectId | undefined): string {
  return `${idKey(client)} ${server ? idKey(server) : ''}`;
}

/** A workload that runs to completion doesn't exist throughout a window. */
function isLasting(server: ObjectId): boolean {
  return !isOf(server, KIND.Job) && !isOf(server, KIND.CronJob);
}

function hasProxy({ workloads }: Mesh, server: ObjectId): boolean {
  return workloads.some((one) => idKey(one) === idKey(server) && one.proxy.encrypts !== false);
}

/** A server and its ports that accept plaintext before and reject it after; undefined for all ports that no manifest names. */
interface NewlyStrict {
  readonly server: ObjectId;
  readonly ports: readonly (number | undefined)[];
}

function newlyStrict(before: Mesh, after: Mesh): readonly NewlyStrict[] {
  const key = ({ server, port }: { server: ObjectId; port?: number }): string => `${idKey(server)}:${port ?? ''}`;
  const former = new Map(servedPorts(before).map((one) => [key(one), one.mode]));
  const refusing = servedPorts(after).filter((one) => one.mode === 'STRICT' && former.get(key(one)) !== 'STRICT');
  const byServer = [...grouped(refusing, ({ server }) => idKey(server)).values()];
  return byServer.map((ports) => ({ server: ports[0].server, ports: ports.map(({ port }) => port) }));
}

/** Makes a server keep its modes; undefined for a server without pods, which no policy of its own can select. */
export function leftAsItIs(server: ObjectId, before: Mesh, after: Mesh): readonly InventoryChange[] {
  const current = after.workloads.find((one) => idKey(one) === idKey(server));
  const former = before.workloads.find((one) => idKey(one) === idKey(server));
  if (!current || !former) return [];
  const enforced = sidecarReceiversOf(before.planes.of(former.proxy.revision)).declared(former, 0).enforced?.mode;
  const mode = enforced === 'DISABLE' ? 'DISABLE' : 'PERMISSIVE';
  const own = after.planes.of(current.proxy.revision).policies.ofWorkload(current).winner?.object;
  if (!own) {
    const name = freeName(current, after.objects.of(KIND.PeerAuthentication));
    return [newObject(policyOf(current.namespace, name, { selector: { matchLabels: selectorOf(current) }, mtls: { mode } }))];
  }
  const spec = before.objects.of(KIND.PeerAuthentication).find((one) => idKey(one) === idKey(own))?.spec ?? own.spec;
  const said = mapping(spec.mtls).mode;
  const isSaid = former.proxy.encrypts !== false && said !== undefined && said !== 'UNSET' && said !== '' && spec !== own.spec;
  return [{ apply: { ...own.source, spec: { ...spec, mtls: { mode: isSaid ? said : mode } } }, replaces: own, created: own.created }];
}
