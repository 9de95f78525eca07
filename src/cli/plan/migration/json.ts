import { MigrationReport } from './report';
import { redactedValue } from '../../../findings/redacted-value';
import { printableJson } from '../../../findings/safe-text';
import { ISTIO_MINOR } from '../../../mesh/config/istiods';
import { readingJson } from '../../findings/json';
import { planJson } from '../json';

/** Counts up when a field changes its meaning or goes; new fields may come at any time. */
const FORMAT = 1;

/** The report as programs read it, see docs/schemas/migration.schema.json; `plan` is as `plan` of two states prints it. */
export function migrationJson({ target, blockers, possible, measured, undecided, plan, compared, configuration }: MigrationReport): string {
  const value = {
    format: FORMAT,
    istio: ISTIO_MINOR,
    ...configuration !== undefined && { configuration: { path: configuration } },
    target,
    blockers,
    possible,
    ...measured && { measured: redactedValue(measured) },
    undecided,
    plan: plan ? JSON.parse(planJson(plan)) as unknown : null,
    ...readingJson({ unreadable: compared.before.unreadable, skipped: compared.before.skipped, notes: compared.notes }),
  };
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}
