import { MeshObject } from '../objects/mesh-object';
import { Shape, shape, shapes, text } from '../objects/shape';

/** The name of istiod's container. */
const CONTAINER = 'discovery';

/** The variables that Deployments of istiod among the manifests set, by name. */
export function flagsIn(objects: readonly MeshObject[]): Readonly<Record<string, string>> {
  const deployments = objects.filter(({ kind, name }) => kind === 'Deployment' && (name === 'istiod' || name.startsWith('istiod-')));
  const containers = deployments.flatMap(({ spec }) => shapes(shape(shape(spec.template).spec).containers)).filter(({ name }) => name === CONTAINER);
  return Object.fromEntries(containers.flatMap(({ env }) => variables(shapes(env))));
}

function variables(env: readonly Shape[]): readonly (readonly [string, string])[] {
  return env.flatMap(({ name, value }) => {
    const [flag, said] = [text(name), text(value)];
    return flag === undefined || said === undefined ? [] : [[flag, said] as const];
  });
}
