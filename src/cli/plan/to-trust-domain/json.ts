import { ReportedTrustStage, TrustDomainFacts, TrustDomainReport, TrustDomainStageFacts } from './report';
import type { RotationStep } from '../../../certificates/rotation-plan';
import { redactedValue } from '../../../findings/redacted-value';
import { json, PrintedReading, PrintedRun, readingJson, runJson } from '../../findings/json';

/** What istio-mtls plan to-trust-domain -o json prints */
interface PrintedTrustDomainPlan extends TrustDomainFacts, PrintedRun, PrintedReading {
  /**
   * Only in plan.json of --out: a hash of the objects that the plan starts from.
   *
   * @pattern ^sha256:[0-9a-f]{64}$
   */
  readonly before?: string;
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 1;
  /** The stages, in order, without those that change nothing; empty if there is no plan. */
  readonly stages: readonly PrintedTrustDomainStage[];
}

/** A stage on the way to another trust domain. */
interface PrintedTrustDomainStage extends TrustDomainStageFacts {
  /** What to do, wait for and check, in order. */
  readonly steps: readonly PrintedTrustDomainStep[];
}

/** One action of a stage. */
interface PrintedTrustDomainStep {
  readonly action: RotationStep['action'];
  readonly text: string;
  /** The objects or values that the step is about, as text; long lists are cut. */
  readonly about: readonly string[];
  /** Commands to run and Prometheus queries, one per line. */
  readonly commands: readonly string[];
}

/** The plan as JSON. See docs/schemas/trust-domain.schema.json. */
export function trustDomainJson(report: TrustDomainReport): string {
  const { compared: { before: { unreadable, skipped } }, stages, notes, configuration, found: _, said: __, ...facts } = report;
  const { from, to, faults, leftovers, ...reservations } = facts;
  const printed: PrintedTrustDomainPlan = {
    format: 1,
    ...runJson(configuration),
    ...redactedValue({ from, to, faults }),
    stages: stages.map(stageJson),
    leftovers: leftovers.map(redactedValue),
    ...reservations,
    ...readingJson({ unreadable, skipped, notes }),
  };
  return json(printed);
}

function stageJson({ doubts, steps, ...stage }: ReportedTrustStage): PrintedTrustDomainStage {
  return { ...stage, doubts: redactedValue(doubts), steps: steps.map(stepJson) };
}

function stepJson({ action, text, keys = [], commands = [] }: RotationStep): PrintedTrustDomainStep {
  return redactedValue({ action, text, about: keys.map((parts) => parts.filter((part) => part !== '').join(': ')), commands });
}
