import { redacted } from './redaction';

const LONGEST = 80;

/** A secret that begins within what is shown must be seen as one. */
const LOOKED_AT = 2 * LONGEST;

/** A value as an objection's `actual` shows it: strings quoted, the rest as JSON, what is long cut short. */
export function shown(value: unknown, longest = LONGEST): string {
  if (value === undefined) return 'missing';
  const text = typeof value === 'string' ? `'${excerpt(value, longest)}'` : json(value, longest);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** JSON that stops soon after `budget` characters, so that neither a huge nor a cyclic value costs much. */
function json(value: unknown, budget: number): string {
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(excerpt(value, budget)) : String(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  let text = open;
  for (const key of Object.keys(value)) {
    if (text.length >= budget) break;
    const item = json((value as Record<string, unknown>)[key], budget - text.length);
    text += `${text === open ? '' : ','}${Array.isArray(value) ? '' : `${JSON.stringify(excerpt(key, budget))}:`}${item}`;
  }
  return text + close;
}

function excerpt(value: string, length: number): string {
  return redacted(value.slice(0, LOOKED_AT)).slice(0, length);
}
