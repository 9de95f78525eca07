/** Fields of a match that are maps: an empty one is as good as none, while an empty message isn't. */
const MAPS = ['headers', 'withoutHeaders', 'queryParams', 'sourceLabels'];

/** A text that two matches have in common when they match the same, whatever their names. */
export function matchIdentity(match: any): string {
  const telling = Object.keys(match).filter((field) => field !== 'name' && tells(field, match[field])).sort();
  return JSON.stringify(telling.map((field) => [field, sorted(match[field])]));
}

function tells(field: string, value: any): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (MAPS.includes(field)) return Object.keys(value).length > 0;
  return value !== '' && value !== 0 && value !== false;
}

function sorted(value: any): any {
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.keys(value).sort().map((key) => [key, sorted(value[key])]);
}
