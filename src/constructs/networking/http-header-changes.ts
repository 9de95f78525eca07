import { ApiFields, definedFields } from '../fields';
import { Refuse } from '../refuse';

/**
 * Changes of the headers of a request or a response. At least one. Values may contain Envoy's commands, such as
 * `%DOWNSTREAM_REMOTE_ADDRESS%`; a percent sign itself is `%%`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Headers-HeaderOperations
 */
export interface HttpHeaderChanges {
  /**
   * Headers with their new values, by lowercase names. They replace those that exist.
   *
   * @default - none
   */
  readonly set?: { readonly [name: string]: string };

  /**
   * Headers that are added, by lowercase names. They keep those that exist.
   *
   * @default - none
   */
  readonly add?: { readonly [name: string]: string };

  /**
   * Names of headers that are removed.
   *
   * @default - none
   */
  readonly remove?: string[];
}

/** The changes with Istio's field names; undefined if there are none. */
export function headerFields(
  { request, response }: { readonly request?: HttpHeaderChanges; readonly response?: HttpHeaderChanges }, refuse: Refuse,
): ApiFields | undefined {
  if (request === undefined && response === undefined) return undefined;
  for (const [field, changes] of Object.entries({ request, response })) {
    if (changes === undefined) continue;
    if (Object.values(changes).some((change: object | undefined) => Object.keys(change ?? {}).length > 0)) continue;
    throw refuse({
      code: 'API037',
      field: `http.headers.${field}`,
      actual: 'without a change',
      expected: "'set', 'add' or 'remove'",
      because: 'it would do nothing',
      fix: `remove '${field}Headers', or add a header`,
    });
  }
  return definedFields({ request: request && { ...request }, response: response && { ...response } });
}
