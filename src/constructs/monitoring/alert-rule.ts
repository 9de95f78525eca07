import { Duration } from 'cdk8s';
import { AlertOptions } from './alert-options';
import { emptyName } from './monitor-object';
import { prometheusDuration } from './prometheus-duration';
import { Refuse } from '../refuse';

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
  { pendingFor, severity }: AlertOptions,
  defaults: AlertDefaults,
  { alert, expr, annotations }: Pick<AlertRule, 'alert' | 'expr' | 'annotations'>,
  refuse: Refuse,
): AlertRule {
  if (severity === '') throw emptyName(`${defaults.field}.severity`, 'empty', 'a severity that Alertmanager routes by', refuse);
  return {
    alert,
    expr,
    for: prometheusDuration(pendingFor ?? defaults.pendingFor),
    labels: { severity: severity ?? defaults.severity },
    annotations,
  };
}
