import { PlanReport } from './report';
import { ReportedPlan } from '../../changes/plan-report';
import { json, PrintedReading, PrintedRun, readingJson, runJson } from '../findings/json';

/** What istio-mtls plan -o json prints, and plan.json of its --out */
export interface PrintedPlan extends ReportedPlan, PrintedRun, PrintedReading {
  /**
   * Only in plan.json: a hash of the objects before the change, independent of their order.
   *
   * @pattern ^sha256:[0-9a-f]{64}$
   */
  readonly before?: string;
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 1;
  /** How many objects of either state an API server or istiod would reject: they aren't part of the plan. */
  readonly refused: PlanReport['refused'];
  /** The objects of NEW among them. */
  readonly refusals: PlanReport['refusals'];
  /** The conditions of `--fail-on` that are met, one sentence each; in plan.json, too. */
  readonly failures: PlanReport['failures'];
}

/** The plan as JSON. See docs/schemas/plan.schema.json. */
export function planJson(report: PlanReport): string {
  return json(printedPlan(report));
}

export function printedPlan({ before, after, refused, notes, configuration, said: _, plan: __, ...plan }: PlanReport): PrintedPlan {
  return {
    format: 1,
    ...runJson(configuration),
    ...plan,
    refused,
    ...readingJson({ unreadable: [...before.unreadable, ...after.unreadable], skipped: [...before.skipped, ...after.skipped], notes }),
  };
}
