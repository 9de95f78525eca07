import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Warns of a setting that Istio still takes but wants replaced. */
export function warnOfDeprecated(at: Objections, value: unknown, successor: string): void {
  at.warning({
    code: 'ADMIT416',
    actual: shown(value),
    expected: `${successor} instead`,
    because: 'the setting is deprecated',
    fix: `use ${successor}`,
  });
}
