import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { warnOfDeprecated } from '../values/deprecated';
import { judgeDuration } from '../values/duration';
import { judgePercent } from '../values/percent';

/** Objects to outlier detection whose times, shares or counts don't hold. */
export function judgeOutlierDetection(at: Objections, outlier: any): void {
  if (!outlier) return;
  judgeDuration(at.at('baseEjectionTime'), outlier.baseEjectionTime);
  if (outlier.consecutiveErrors) {
    warnOfDeprecated(at.at('consecutiveErrors'), outlier.consecutiveErrors, 'consecutiveGatewayErrors or consecutive5xxErrors');
  }
  judgeLocalOriginFailures(at, outlier);
  judgeDuration(at.at('interval'), outlier.interval);
  judgePercent(at.at('maxEjectionPercent'), outlier.maxEjectionPercent);
  judgePercent(at.at('minHealthPercent'), outlier.minHealthPercent);
}

function judgeLocalOriginFailures(at: Objections, outlier: any): void {
  const failures = outlier.consecutiveLocalOriginFailures ?? 0;
  if (outlier.splitExternalLocalOriginErrors || failures <= 0) return;
  at.at('consecutiveLocalOriginFailures').error({
    code: 'ADMIT417',
    actual: shown(failures),
    expected: 'splitExternalLocalOriginErrors: true beside it',
    because: 'errors of local origin aren\'t counted by themselves otherwise',
    fix: 'set splitExternalLocalOriginErrors to true, or remove the count',
  });
}
