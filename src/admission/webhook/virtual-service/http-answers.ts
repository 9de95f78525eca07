import { Abort, Delay, HTTPBody, HTTPDirectResponse, HTTPFaultInjection, HTTPMatchRequest, HTTPRedirect } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections, ObjectionText } from '../../objection';
import { judgeDuration } from '../values/durations';
import { FieldJudges, judgeFields } from '../values/fields';
import { judgeFaultPercent } from '../values/numbers';
import { judgePort } from '../values/ports';
import { judgeWord, Vocabulary } from '../values/words';

const TARGETS = ['uri', 'prefixRewrite', 'authority', 'scheme'] as const;

/** Rejects the first fault in a redirect. */
export function judgeRedirect(at: Objections, redirect: HTTPRedirect | undefined, matches: readonly HTTPMatchRequest[]): void {
  if (!redirect) return;
  if (redirect.uri && redirect.prefixRewrite) {
    return objectTo(at.at('prefixRewrite'), `${shown(redirect.prefixRewrite)} together with uri`, 'uri or prefixRewrite, not both');
  }
  if (redirect.prefixRewrite && matches.some((match) => match.uri && match.uri.prefix === undefined)) {
    return objectTo(at.at('prefixRewrite'), shown(redirect.prefixRewrite), 'matches of the route by uri.prefix only');
  }
  if (!leadsSomewhere(redirect)) return objectTo(at, 'without a target', 'uri, prefixRewrite, authority, scheme or port');
  const { redirectCode: code = 0, port = 0 } = redirect;
  if (code !== 0 && (code < 300 || code > 399)) return objectTo(at.at('redirectCode'), shown(code), 'a status from 300 to 399');
  if (!['', 'http', 'https'].includes(redirect.scheme ?? '')) {
    return objectTo(at.at('scheme'), shown(redirect.scheme), '\'http\' or \'https\'');
  }
  if (port > 0) judgePort(at.at('port'), port);
}

function leadsSomewhere(redirect: HTTPRedirect): boolean {
  return TARGETS.some((field) => redirect[field]) || redirect.port !== undefined || redirect.derivePort !== undefined;
}

function objectTo(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT444',
    actual,
    expected,
    because: 'a redirect has one target',
    fix: 'keep one of the redirect targets',
  });
}

const WARNED_ABOVE = 100 * 1024;
const REFUSED_ABOVE = 1024 * 1024;

/** Rejects a direct response with an invalid status or too large a body. */
export function judgeDirectResponse(at: Objections, response: HTTPDirectResponse | undefined): void {
  if (!response) return;
  if (response.body) judgeBody(at.at('body'), response.body);
  judgeHttpStatus(at.at('status'), response.status);
}

function judgeBody(at: Objections, body: HTTPBody): void {
  const field = body.bytes === undefined ? 'string' : 'bytes';
  const size = Buffer.byteLength(body[field] ?? '', field === 'bytes' ? 'base64' : 'utf8');
  if (size > REFUSED_ABOVE) at.at(field).error(large(size, '1 MiB'));
  else if (size > WARNED_ABOVE) at.at(field).warning(large(size, '100 KiB'));
}

function large(size: number, limit: string): ObjectionText {
  return {
    code: 'ADMIT443',
    actual: `${size} bytes long`,
    expected: `at most ${limit}`,
    because: 'istiod repeatedly sends the body to every proxy',
    fix: 'route to a service instead, or shorten the body',
  };
}

const GRPC_STATUSES: Vocabulary = {
  words: new Set([
    'OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED',
    'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE',
    'DATA_LOSS', 'UNAUTHENTICATED',
  ]),
  meaning: 'the name of a gRPC status in capitals',
  example: 'UNAVAILABLE',
};

/** Rejects faults that can't be injected. */
export function judgeFault(at: Objections, fault: HTTPFaultInjection | undefined): void {
  if (!fault) return;
  judgeFields(at.at('abort'), fault.abort, ABORT);
  judgeFields(at.at('delay'), fault.delay, DELAY);
  if (fault.abort || fault.delay) return;
  at.error({
    code: 'ADMIT413',
    actual: 'without abort and delay',
    expected: 'abort, delay or both',
    because: 'a fault that sets nothing injects nothing',
    fix: 'add abort or delay, or remove fault',
  });
}

/** Doesn't check that an abort names an error: istiod would only warn of it, and drops that warning. */
const ABORT: FieldJudges<Abort> = {
  percentage: judgeFaultPercent,
  grpcStatus: (at, status) => { if (status !== undefined) judgeWord(at, status, GRPC_STATUSES); },
  httpStatus: (at, status) => { if (status !== undefined) judgeHttpStatus(at, status); },
  http2Error: (at, error) => judgeUnsupported(at, error, 'httpStatus or grpcStatus'),
};

const DELAY: FieldJudges<Delay> = {
  percentage: judgeFaultPercent,
  fixedDelay: judgeDuration,
  exponentialDelay: (at, delay) => {
    judgeDuration(at, delay);
    judgeUnsupported(at, delay, 'fixedDelay');
  },
};

/** Rejects a field that Istio's API has and istiod doesn't read; a missing one passes. */
function judgeUnsupported(at: Objections, actual: string | undefined, instead: string): void {
  if (actual === undefined) return;
  at.error({
    code: 'ADMIT442',
    actual: shown(actual),
    expected: `${instead} instead`,
    because: 'Istio doesn\'t support it yet',
    fix: `use ${instead}`,
  });
}

/** Rejects a status that no response can have; like istiod, accepts 600. */
function judgeHttpStatus(at: Objections, status: number): void {
  if (status >= 200 && status <= 600) return;
  at.error({
    code: 'ADMIT443',
    actual: shown(status),
    expected: 'an HTTP status from 200 to 599',
    because: 'Envoy can\'t answer with another',
    fix: 'write a status such as 503',
  });
}
