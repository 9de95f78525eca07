import { EnvoyFilter, Patch } from './envoy-filter';
import { indexedMappings, integer, isMapping, labelsOf, Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { MeshObject } from '../inventory/object';

/** A WasmPlugin or TrafficExtension, as the HTTP filters that it adds to clients' outbound traffic; undefined if it adds none there. */
export function pluginFilter(object: MeshObject): EnvoyFilter | undefined {
  const { spec } = object;
  const type = text(spec.type) ?? text(mapping(spec.wasm).type);
  const requests = type === 'NETWORK' ? [] : patchesOf(object);
  if (requests.length === 0) return undefined;
  const targets = [...isMapping(spec.targetRef) ? [spec.targetRef] : [], ...mappings(spec.targetRefs)].map(({ name }) => text(name) ?? '');
  const selector = labelsOf(mapping(spec.selector).matchLabels);
  return { object, selector, gateways: targets.length > 0 ? targets : undefined, client: [], server: [], requests };
}

/** A patch for each traffic selector that includes clients and each of its ports; without selectors, one for all traffic. */
function patchesOf(object: MeshObject): readonly Patch[] {
  const matches = indexedMappings(object.spec.match);
  if (matches.length === 0) return [{ object, field: ['spec'], limit: {} }];
  return matches.filter(([, match]) => isForClients(match)).flatMap(([index, { ports }]): readonly Patch[] => {
    const field = ['spec', 'match', index];
    const numbers = mappings(ports).map(({ number }) => integer(number));
    return numbers.length === 0
      ? [{ object, field, limit: {} }]
      : numbers.map((listenerPort) => ({ object, field, limit: { listenerPort } }));
  });
}

function isForClients({ mode }: Mapping): boolean {
  return text(mode) !== 'SERVER';
}
