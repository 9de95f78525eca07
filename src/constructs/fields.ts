import { Duration } from 'cdk8s';
import { isMapping } from '../manifests/mapping';
import { join } from '../manifests/mesh-config/problem';

/** Fields of an object, with the API's names. */
export type ApiFields = Record<string, unknown>;

/** The fields without undefined ones, at any depth. */
export function definedFields(fields: ApiFields): ApiFields {
  return defined(fields) as ApiFields;
}

function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .map(([key, child]) => [key, defined(child)]));
}

/**
 * Merges two objects, mappings key by key.
 *
 * @param twice called with the path of each value that both have
 */
export function mergedFields(one: ApiFields, other: ApiFields, twice: (path: string) => void, path = ''): ApiFields {
  const result = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const at = join(path, key);
    const mine = one[key];
    if (isMapping(mine) && isMapping(value)) {
      result[key] = mergedFields(mine, value, twice, at);
    } else {
      if (mine !== undefined) twice(at);
      result[key] = value;
    }
  }
  return result;
}

/** In seconds, the one unit that every reader of the API's durations accepts; admission checks the range. */
export function seconds(duration: Duration | undefined): string | undefined {
  return duration && `${duration.toMilliseconds({ integral: false }) / 1000}s`;
}
