import { judgeHttpStatus } from './http-status';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeDuration } from '../values/duration';
import { judgeFaultPercent } from '../values/percent';
import { judgeWord, Vocabulary } from '../values/word';

const GRPC_STATUSES: Vocabulary = {
  words: new Set([
    'OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED',
    'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE',
    'DATA_LOSS', 'UNAUTHENTICATED',
  ]),
  meaning: 'the name of a gRPC status in capitals',
  example: 'UNAVAILABLE',
};

/** Objects to faults that can't be injected. */
export function judgeFault(at: Objections, fault: any): void {
  if (!fault) return;
  if (fault.abort) judgeAbort(at.at('abort'), fault.abort);
  if (fault.delay) judgeDelay(at.at('delay'), fault.delay);
  if (fault.abort || fault.delay) return;
  at.error({
    code: 'ADMIT413',
    actual: 'without abort and delay',
    expected: 'abort, delay or both',
    because: 'a fault that sets nothing injects nothing',
    fix: 'add abort or delay, or remove fault',
  });
}

/** Whether an abort names an error at all istiod would only warn of, and drops the warning. */
function judgeAbort(at: Objections, abort: any): void {
  judgeFaultPercent(at.at('percentage'), abort.percentage);
  if (abort.grpcStatus !== undefined) judgeWord(at.at('grpcStatus'), abort.grpcStatus, GRPC_STATUSES);
  if (abort.httpStatus !== undefined) judgeHttpStatus(at.at('httpStatus'), abort.httpStatus);
  if (abort.http2Error !== undefined) objectToUnsupported(at.at('http2Error'), abort.http2Error, 'httpStatus or grpcStatus');
}

function judgeDelay(at: Objections, delay: any): void {
  judgeFaultPercent(at.at('percentage'), delay.percentage);
  judgeDuration(at.at('fixedDelay'), delay.fixedDelay);
  judgeDuration(at.at('exponentialDelay'), delay.exponentialDelay);
  if (delay.exponentialDelay !== undefined) objectToUnsupported(at.at('exponentialDelay'), delay.exponentialDelay, 'fixedDelay');
}

function objectToUnsupported(at: Objections, actual: unknown, instead: string): void {
  at.error({
    code: 'ADMIT442',
    actual: shown(actual),
    expected: `${instead} instead`,
    because: 'Istio doesn\'t support it yet',
    fix: `use ${instead}`,
  });
}
