// Makes a mesh smaller while it still shows the same difference: without an object, without a field, until nothing more can go.
import type { JudgedMesh, Manifest } from '../manifest';

type Shows = (objects: readonly Manifest[]) => Promise<boolean>;

/**
 * A mesh from which nothing can be taken away. Of two states, what each has for itself first, and then what they share.
 *
 * @param shows whether a mesh shows the difference, asked of the referee
 */
export async function shrunkenMesh<Mesh extends JudgedMesh>(mesh: Mesh, shows: (mesh: Mesh) => Promise<boolean>): Promise<Mesh> {
  const { objects, servers } = mesh;
  if (!servers) return { ...mesh, objects: await shrunken(objects, (fewer) => shows({ ...mesh, objects: fewer })) };
  const [ours, theirs] = [objects, servers].map((all) => new Set(all.map((object) => JSON.stringify(object))));
  let shared: readonly Manifest[] = objects.filter((object) => theirs.has(JSON.stringify(object)));
  let before: readonly Manifest[] = objects.filter((object) => !theirs.has(JSON.stringify(object)));
  let after: readonly Manifest[] = servers.filter((object) => !ours.has(JSON.stringify(object)));
  const made = () => ({ ...mesh, objects: [...shared, ...before], servers: [...shared, ...after] });
  if (!await shows(made())) return mesh;
  before = await shrunken(before, (fewer) => shows({ ...mesh, objects: [...shared, ...fewer], servers: [...shared, ...after] }));
  after = await shrunken(after, (fewer) => shows({ ...mesh, objects: [...shared, ...before], servers: [...shared, ...fewer] }));
  shared = await shrunken(shared, (fewer) => shows({ ...mesh, objects: [...fewer, ...before], servers: [...fewer, ...after] }));
  return made();
}

/**
 * @param shows whether objects show the difference, asked of the referee
 * @returns the objects of a mesh from which nothing can be taken away
 */
async function shrunken(objects: readonly Manifest[], shows: Shows): Promise<readonly Manifest[]> {
  let smallest = objects;
  for (let size = Infinity; sizeOf(smallest) < size;) {
    size = sizeOf(smallest);
    smallest = await withoutObjects(smallest, shows);
    smallest = await withoutFields(smallest, shows);
  }
  return smallest;
}

const sizeOf = (objects: readonly Manifest[]) => JSON.stringify(objects).length;

async function withoutObjects(objects: readonly Manifest[], shows: Shows): Promise<readonly Manifest[]> {
  let left = objects;
  for (let step = Math.ceil(objects.length / 2); step >= 1; step = step === 1 ? 0 : Math.ceil(step / 2)) {
    for (let at = 0; at < left.length;) {
      const fewer = [...left.slice(0, at), ...left.slice(at + step)];
      if (await shows(fewer)) left = fewer;
      else at += step;
    }
  }
  return left;
}

async function withoutFields(objects: readonly Manifest[], shows: Shows): Promise<readonly Manifest[]> {
  let left = objects;
  for (let index = 0; index < left.length; index++) {
    for (const path of pathsIn(left[index])) {
      const object = without(left[index], path);
      if (!object) continue;
      const fewer = left.map((other, at) => (at === index ? object : other));
      if (await shows(fewer)) left = fewer;
    }
  }
  return left;
}

/** Every path to a field or an entry of a list, the outer before the inner; what makes an object what it is stays. */
function* pathsIn(value: any, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  // From the last: to take an entry out of a list moves those behind it.
  for (const key of Object.keys(value).reverse()) {
    const inner = [...path, key];
    if (!KEPT.test(inner.join('.'))) yield inner;
    yield* pathsIn(value[key], inner);
  }
}

/** What an API server wouldn't do without. */
const KEPT = /^(apiVersion|kind|metadata(\.name|\.namespace)?|(spec\.)?ports\.\d+\.(port|number|name)|spec(\.hosts?)?)$/;

/** A copy without what a path leads to; undefined if it leads nowhere any more. */
function without(object: any, [key, ...rest]: readonly string[]): any {
  if (typeof object !== 'object' || object === null || !(key in object)) return undefined;
  if (rest.length > 0) {
    const inner = without(object[key], rest);
    if (inner === undefined) return undefined;
    return Array.isArray(object) ? object.map((entry, index) => (String(index) === key ? inner : entry)) : { ...object, [key]: inner };
  }
  if (Array.isArray(object)) return object.filter((_, index) => String(index) !== key);
  const { [key]: _, ...left } = object;
  return left;
}
