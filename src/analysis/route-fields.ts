import { FieldPath } from '../findings/field-path';
import { Target } from '../mesh/connections/leg';
import { MeshObject } from '../mesh/objects/mesh-object';
import { shape, shapes } from '../mesh/objects/shape';
import { readDestination } from '../mesh/routes/destinations';

/** The destination of a VirtualService that names a host and port; all of it if none does, as for the host behind an ExternalName. */
export function destinationField({ spec, namespace }: MeshObject, { host, port, subset }: Target): FieldPath {
  for (const kind of ['http', 'tcp', 'tls']) {
    for (const [rule, { route }] of shapes(spec[kind]).entries()) {
      for (const [index, { destination }] of shapes(route).entries()) {
        const named = readDestination(shape(destination), namespace);
        const isPort = named.port === undefined || named.port === port;
        if (named.host === host && isPort && named.subset === subset) return ['spec', kind, rule, 'route', index, 'destination'];
      }
    }
  }
  return ['spec'];
}
