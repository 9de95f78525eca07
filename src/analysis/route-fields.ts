import { FieldPath } from '../findings/field-path';
import { Target } from '../mesh/connections/path';
import { addTo } from '../mesh/grouped';
import { MeshObject } from '../mesh/objects/mesh-object';
import { shape, shapes } from '../mesh/objects/shape';
import { readDestination } from '../mesh/routes/destinations';

/** A destination of a VirtualService, and where it is written. */
interface Written {
  readonly port?: number;
  readonly field: FieldPath;
}

const INDEXES = new WeakMap<MeshObject, ReadonlyMap<string, readonly Written[]>>();

/** The destination of a VirtualService that names a host and port; all of it if none does, as for the host behind an ExternalName. */
export function destinationField(object: MeshObject, { host, port, subset }: Target): FieldPath {
  let index = INDEXES.get(object);
  if (!index) INDEXES.set(object, index = indexOf(object));
  const written = index.get(keyOf(host, subset))?.find((one) => one.port === undefined || one.port === port);
  return written?.field ?? ['spec'];
}

function indexOf(object: MeshObject): ReadonlyMap<string, readonly Written[]> {
  const index = new Map<string, Written[]>();
  for (const kind of ['http', 'tcp', 'tls']) {
    for (const [rule, { route }] of shapes(object.spec[kind]).entries()) {
      for (const [place, { destination }] of shapes(route).entries()) {
        const { host, port, subset } = readDestination(shape(destination), object);
        addTo(index, keyOf(host, subset), { port, field: ['spec', kind, rule, 'route', place, 'destination'] });
      }
    }
  }
  return index;
}

function keyOf(host: string, subset: string | undefined): string {
  return JSON.stringify([host, subset]);
}
