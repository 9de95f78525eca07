import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeDuration } from '../values/duration';
import { integerIn } from '../values/integer-text';
import { judgeNonNegative } from '../values/number';

const CONDITIONS: ReadonlySet<string> = new Set([
  '5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream',
  'retriable-status-codes', 'retriable-headers', 'envoy-ratelimited', 'http3-post-connect-failure',
  'cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable',
]);
/** The statuses that Go's net/http has a name for. */
const STATUSES = /^(?:10[0-3]|20[0-8]|226|30[0-5]|30[78]|40\d|41[0-8]|42[1-689]|431|451|50[0-8]|51[01])$/;

/** Objects to retries that are configured but off, or for conditions that Envoy doesn't know. */
export function judgeRetries(at: Objections, retries: any): void {
  if (!retries) return;
  judgeNonNegative(at.at('attempts'), retries.attempts);
  judgeDisabled(at.at('attempts'), retries);
  judgeDuration(at.at('perTryTimeout'), retries.perTryTimeout);
  if (retries.retryOn) judgeConditions(at.at('retryOn'), retries.retryOn);
  judgeDuration(at.at('backoff'), retries.backoff);
}

function judgeDisabled(at: Objections, retries: any): void {
  if (retries.attempts) return;
  const configured = ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'].find((field) => (retries[field] ?? '') !== '');
  if (!configured) return;
  at.error({
    code: 'ADMIT429',
    actual: `${shown(retries.attempts)}, yet ${configured} is set`,
    expected: 'at least 1 attempt, or nothing beside it',
    because: '0 attempts turn retries off',
    fix: `set attempts, or remove ${configured}`,
  });
}

function judgeConditions(at: Objections, retryOn: string): void {
  const unknown = retryOn.split(',').filter((condition) => !isCondition(condition));
  for (const condition of unknown) {
    at.error({
      code: 'ADMIT442',
      actual: `${shown(retryOn)} with ${shown(condition)}`,
      expected: 'HTTP statuses and conditions that Envoy knows, separated by commas without spaces',
      because: 'Envoy retries on no other',
      fix: CONDITIONS.has(condition.trim()) ? 'remove the spaces' : 'write conditions such as \'connect-failure,refused-stream,503\'',
    });
  }
}

function isCondition(condition: string): boolean {
  return CONDITIONS.has(condition) || STATUSES.test(String(integerIn(condition)));
}
