import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AlertOptions } from './alert-options';
import { emptyName } from './monitor-object';
import { prometheusDuration } from './prometheus-duration';

/** An alerting rule of Prometheus. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** What one alert says where its options don't. */
export interface AlertDefaults {
  readonly field: string;
  readonly pendingFor: Duration;
  readonly severity: string;
}

export function alertRule(
  user: IConstruct,
  { pendingFor, severity }: AlertOptions,
  defaults: AlertDefaults,
  { alert, expr, annotations }: Pick<AlertRule, 'alert' | 'expr' | 'annotations'>,
): AlertRule {
  if (severity === '') throw emptyName(user, 'PrometheusRule', `${defaults.field}.severity`, 'empty', 'a severity that Alertmanager routes by');
  return {
    alert,
    expr,
    for: prometheusDuration(pendingFor ?? defaults.pendingFor),
    labels: { severity: severity ?? defaults.severity },
    annotations,
  };
}
