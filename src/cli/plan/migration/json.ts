import { MigrationReport } from './report';
import { redactedValue } from '../../../findings/redacted-value';
import { json, PrintedReading, PrintedRun, readingJson, runJson } from '../../findings/json';
import { PrintedPlan, printedPlan } from '../json';

/** What istio-mtls plan to-strict, to-permissive and to-disable -o json print */
interface PrintedMigration extends Omit<MigrationReport, 'compared' | 'plan' | 'configuration' | 'said'>, PrintedRun, PrintedReading {
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 1;
  /** The plan that leads to the mode, in the format of a plan for two states; null if something prevents it. */
  readonly plan: PrintedPlan | null;
}

/** The migration as JSON. See docs/schemas/migration.schema.json. */
export function migrationJson(report: MigrationReport): string {
  const { compared, plan, configuration, said: _, measured, undecided, undecidedIf, missing, ...migration } = report;
  const printed: PrintedMigration = {
    format: 1,
    ...runJson(configuration),
    ...migration,
    ...measured && { measured: redactedValue(measured) },
    undecided,
    ...undecidedIf && { undecidedIf },
    ...missing && { missing },
    plan: plan ? printedPlan(plan) : null,
    ...readingJson({ unreadable: compared.before.unreadable, skipped: compared.before.skipped, notes: compared.notes }),
  };
  return json(printed);
}
