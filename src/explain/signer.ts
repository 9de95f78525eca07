import { CA_SECRET_NAME } from '../certificates/ca-secret';
import { isMapping, mapping, text } from '../manifests/mapping';
import { TracedObject, tracedObject } from '../mesh/calls/traced-connection';
import { readObject } from '../mesh/inventory/object';

/** istiod's namespace by default. */
const USUAL_NAMESPACE = 'istio-system';

/**
 * The object in the manifests that provides istiod's CA: Secret `cacerts` in its namespace, or
 * the object that creates it. Undefined if they have none; the cluster may still have one.
 */
export function signerIn(manifests: readonly unknown[], istiodNamespace = USUAL_NAMESPACE): TracedObject | undefined {
  for (const manifest of manifests) {
    if (!isMapping(manifest) || !makesCacerts(manifest)) continue;
    const object = readObject(manifest);
    if (object?.namespace === istiodNamespace) return tracedObject(object);
  }
  return undefined;
}

function makesCacerts({ kind, metadata, spec: written }: Readonly<Record<string, unknown>>): boolean {
  const [name, spec] = [text(mapping(metadata).name), mapping(written)];
  switch (kind) {
    case 'Secret':
    case 'SealedSecret': return name === CA_SECRET_NAME;
    case 'ExternalSecret': return (text(mapping(spec.target).name) ?? name) === CA_SECRET_NAME;
    case 'Certificate': return spec.secretName === CA_SECRET_NAME;
    default: return false;
  }
}
