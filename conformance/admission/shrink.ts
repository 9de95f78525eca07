// The smallest object that still shows a difference.
import type { Fields } from '../manifest';

const MOST_TRIES = 400;
const MOST_MS = 20000;

/**
 * Leaves out fields and items, largest first, as long as `stillDiffers(object)` says so; then shortens what is left.
 * @returns the smallest object that was found
 */
export async function shrunk(object: Fields, stillDiffers: (object: Fields) => Promise<boolean>): Promise<Fields> {
  let smallest = object;
  let tries = 0;
  const until = Date.now() + MOST_MS;
  const mayTry = () => (tries += 1) <= MOST_TRIES && Date.now() < until;
  for (let progress = true; progress;) {
    progress = false;
    for (const smaller of smallerOnes(smallest)) {
      if (!mayTry()) break;
      if (await stillDiffers(smaller)) {
        [smallest, progress] = [smaller, true];
        break;
      }
    }
  }
  return smallest;
}

/** Copies of the object, each without one field or item below its top, or with a shorter text. */
function* smallerOnes(object: Fields): Generator<Fields> {
  for (const path of pathsOf(object, [])) {
    const copy = structuredClone(object);
    const key = path.at(-1)!;
    const holder = holderIn(copy, path);
    const value = holder[key];
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    yield copy;
    if (typeof value === 'string' && value.length > 8) {
      const shorter = structuredClone(object);
      holderIn(shorter, path)[key] = value.slice(0, Math.ceil(value.length / 2));
      yield shorter;
    }
  }
}

type Path = readonly (string | number)[];

/** What holds the value at a path. */
function holderIn(object: Fields, path: Path): any {
  return path.slice(0, -1).reduce<any>((value, step) => value[step], object);
}

function pathsOf(value: any, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((name) => {
    const step = Array.isArray(value) ? Number(name) : name;
    const here = [...path, step];
    const keep = ['apiVersion', 'kind', 'metadata', 'metadata.name', 'spec'].includes(here.join('.'));
    return [...keep ? [] : [here], ...pathsOf(value[step], here)];
  });
}
