import { minorOf } from '../../manifests/istio-minor';
import { Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { MeshObject } from '../inventory/object';

/** The name of istiod's Deployment, with its revision. */
export const ISTIOD_NAME = /^istiod(?:-(.+))?$/;

/** The name of istiod's container. */
export const CONTAINER = 'discovery';

/** istiod's containers in its Deployment. */
export function containersOf({ spec }: MeshObject): readonly Mapping[] {
  return mappings(mapping(mapping(spec.template).spec).containers).filter(({ name }) => name === CONTAINER);
}

/** The version that a Deployment of istiod names: that of its image, or else its label, as Istio's chart writes it. */
export function versionOf(deployment: MeshObject): string | undefined {
  const tags = containersOf(deployment).flatMap(({ image }) => /:([^:/@]+)(?:@.*)?$/.exec(text(image) ?? '')?.[1] ?? []);
  return [...tags, ...labelled(deployment)].find((version) => minorOf(version) !== undefined);
}

/** Charts that aren't released have version 1.0.0, whatever istiod they install. */
function labelled({ labels }: MeshObject): readonly string[] {
  const version = labels['app.kubernetes.io/version'];
  return version === undefined || minorOf(version) === '1.0' ? [] : [version];
}
