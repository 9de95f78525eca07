import { objectIn, ChangeUnit } from './change-unit';
import { MESH_GATEWAY } from '../../manifests/kinds';
import { isMapping, Mapping, texts } from '../../manifests/mapping';
import { MeshObject } from '../inventory/object';
import { fullHost } from '../names/hosts';

/** The manifests of an object's versions, as they are read. */
export function unitManifests(unit: ChangeUnit): readonly MeshObject[] {
  return [...unit.versions.keys()].flatMap((version) => objectIn(unit, version) ?? []);
}

/** A route that only names gateways routes no calls of sidecars. */
export function isForSidecars({ spec }: MeshObject): boolean {
  const gateways = texts(spec.gateways);
  return gateways.length === 0 || gateways.includes(MESH_GATEWAY);
}

/** The hosts of a VirtualService and those that it routes to. */
export function hostsIn(object: MeshObject): readonly string[] {
  const found = [...texts(object.spec.hosts)];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
    } else if (isMapping(value)) {
      const { host } = value as Mapping;
      if (typeof host === 'string') found.push(host);
      Object.values(value).forEach(visit);
    }
  };
  visit([object.spec.http, object.spec.tcp, object.spec.tls]);
  return found.map((host) => fullHost(host, object));
}
