import { effectOf } from './patches';
import { Labels, selects } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';
import { integer, isShape, labelsOf, Shape, shape, shapes, text } from '../objects/shape';

/** What limits a patch to some calls; what isn't said, doesn't. */
export interface PatchLimit {
  /** The port of the listener or of the routes: that which clients call, or that which servers serve. */
  readonly listenerPort?: number;
  /** The destination, as clusters are named by it. */
  readonly host?: string;
  readonly port?: number;
  readonly subset?: string;
}

/** A patch that may change what comes of calls, on one side. */
export interface Patch {
  readonly object: MeshObject;
  /** Its place among the object's patches. */
  readonly index: number;
  readonly limit: PatchLimit;
}

/** An EnvoyFilter, with those of its patches that may change what comes of calls. */
export interface EnvoyFilter {
  readonly object: MeshObject;
  readonly selector: Labels;
  /** The gateways that it is for alone. */
  readonly gateways?: readonly string[];
  readonly client: readonly Patch[];
  readonly server: readonly Patch[];
}

/** The ports on which sidecars listen for everything: patches for these are for all calls. */
const VIRTUAL_PORTS = new Set([15001, 15006]);

export function readEnvoyFilter(object: MeshObject): EnvoyFilter {
  const { spec } = object;
  const patches = shapes(spec.configPatches).map((written, index) => ({ written, patch: { object, index, limit: limitOf(written) } }));
  const of = (side: 'client' | 'server', context: string): readonly Patch[] =>
    patches.filter(({ written }) => concerns(written, side, context)).map(({ patch }) => patch);
  const gateways = shapes(spec.targetRefs).map(({ name }) => text(name) ?? '');
  return {
    object,
    selector: labelsOf(shape(spec.workloadSelector).labels),
    gateways: gateways.length > 0 ? gateways : undefined,
    client: of('client', 'SIDECAR_OUTBOUND'),
    server: of('server', 'SIDECAR_INBOUND'),
  };
}

function concerns({ applyTo, match, patch }: Shape, side: 'client' | 'server', context: string): boolean {
  const wanted = text(shape(match).context) ?? 'ANY';
  return (wanted === 'ANY' || wanted === context) && effectOf(text(applyTo) ?? '', text(shape(patch).operation) ?? '')[side];
}

/** Patches of listener filters, and chains that are added, also go to the listeners for everything, whatever port they name. */
function limitOf({ applyTo, match, patch }: Shape): PatchLimit {
  const { cluster, listener, routeConfiguration } = shape(match);
  const adds = shape(patch).operation !== 'MERGE' && shape(patch).operation !== 'REMOVE';
  const isEverywhere = applyTo === 'LISTENER_FILTER' || applyTo === 'BOOTSTRAP' || (adds && (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN'));
  if (isEverywhere) return {};
  if (applyTo === 'CLUSTER') return isShape(cluster) ? clusterLimit(cluster) : {};
  const port = integer(shape(listener).portNumber) ?? integer(shape(routeConfiguration).portNumber);
  return port === undefined || port === 0 || VIRTUAL_PORTS.has(port) ? {} : { listenerPort: port };
}

/** A cluster's name has all of it: `outbound|80|v1|web.shop.svc.cluster.local`; or it is one of the proxy's own. */
function clusterLimit({ name, service, portNumber, subset }: Shape): PatchLimit {
  if (text(name) === undefined) return { host: text(service), port: integer(portNumber) || undefined, subset: text(subset) };
  const [, port, named, host] = text(name)!.split('|');
  return host === undefined ? { host: text(name) } : { host, port: Number(port), subset: named };
}

/** Whether it reaches pods: by its selector, or, with `targetRefs`, only those of gateways. */
export function reaches({ gateways, selector }: EnvoyFilter, labels: Labels): boolean {
  const gateway = labels['gateway.networking.k8s.io/gateway-name'];
  return gateways ? gateway !== undefined && gateways.includes(gateway) : selects(selector, labels);
}
