import { MeshConfigFields } from './mesh-config-fields';
import { isMapping } from '../../admission/mesh-config/fields';
import { join } from '../../admission/mesh-config/problem';

/**
 * Both mesh configs in one, mappings merged key by key.
 *
 * @param twice is called with the path of a value that both have
 */
export function merged(one: MeshConfigFields, other: MeshConfigFields, twice: (path: string) => void, path = ''): MeshConfigFields {
  const result = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const at = join(path, key);
    const mine = one[key];
    if (isMapping(mine) && isMapping(value)) {
      result[key] = merged(mine, value, twice, at);
    } else {
      if (mine !== undefined) twice(at);
      result[key] = value;
    }
  }
  return result;
}
