import { divided, inSeconds, Readers } from './properties';
import { member, numberOf, stringOf, textList, textMap } from './proposal';
import { RedirectPort, RedirectScheme } from '../../constructs/networking/http-redirect';
import { Mapping, mapping } from '../../manifests/mapping';
import { KnownFields } from '../comparison';
import { CallExpression, FieldExpressions } from '../expression';

const HEADERS: KnownFields = { set: true, add: true, remove: true };

/** What of a route is adopted, besides its matches and destinations. */
export const ACTION_FIELDS = {
  redirect: { uri: true, prefixRewrite: true, authority: true, scheme: true, port: true, derivePort: true, redirectCode: true },
  rewrite: { uri: true, uriRegexRewrite: { match: true, rewrite: true }, authority: true },
  headers: { request: HEADERS, response: HEADERS },
  timeout: true,
  retries: { attempts: true, perTryTimeout: true, retryOn: true, backoff: true },
  fault: {
    delay: { fixedDelay: true, percentage: { value: true } },
    abort: { httpStatus: true, grpcStatus: true, percentage: { value: true } },
  },
} satisfies KnownFields;

const CHANGES: Readers = { set: textMap, add: textMap, remove: textList };

const SETTINGS: Readers = {
  redirect: {
    uri: stringOf,
    prefixRewrite: stringOf,
    authority: stringOf,
    scheme: (value) => member('RedirectScheme', { ...RedirectScheme }, value),
    port: numberOf,
    derivePort: (value) => member('RedirectPort', { ...RedirectPort }, value),
    redirectCode: numberOf,
  },
  rewrite: { uri: stringOf, uriRegexRewrite: { match: stringOf, rewrite: stringOf }, authority: stringOf },
  requestHeaders: CHANGES,
  responseHeaders: CHANGES,
  timeout: inSeconds,
  retries: { attempts: numberOf, perTryTimeout: inSeconds, retryOn: (value) => stringOf(value)?.split(','), backoff: inSeconds },
};

/** What a route does besides its destinations, as properties; undefined: a part is said otherwise than an HttpRoute says it. */
export function actionOf({ redirect, rewrite, headers, timeout, retries, fault }: Mapping): FieldExpressions | undefined {
  const { request: requestHeaders, response: responseHeaders } = mapping(headers);
  const { properties, others } = divided(
    definedOf({ redirect, rewrite, requestHeaders, responseHeaders, timeout, retries }), SETTINGS,
  );
  const faults = faultsOf(fault);
  if (others !== undefined || faults === undefined) return undefined;
  return { ...properties, faults: faults.length === 0 ? undefined : faults };
}

/** The faults of a route; undefined: one is said otherwise than an HttpRoute says it. */
function faultsOf(fault: unknown): readonly CallExpression[] | undefined {
  if (fault === undefined) return [];
  const { delay, abort } = mapping(fault);
  const { httpStatus, grpcStatus } = mapping(abort);
  const [delayed, aborted] = [delay, abort].map((one) => numberOf(mapping(mapping(one).percentage).value));
  const time = inSeconds(mapping(delay).fixedDelay);
  const made = [
    time !== undefined && delayed !== undefined ? CallExpression.of('HttpFault.delay', time, delayed) : undefined,
    typeof httpStatus === 'number' && aborted !== undefined ? CallExpression.of('HttpFault.abort', httpStatus, aborted) : undefined,
    typeof grpcStatus === 'string' && aborted !== undefined ? CallExpression.of('HttpFault.abortGrpc', grpcStatus, aborted) : undefined,
  ].filter((one) => one !== undefined);
  return made.length === Object.keys(mapping(fault)).length && made.length > 0 ? made : undefined;
}

function definedOf(fields: Mapping): Mapping {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
