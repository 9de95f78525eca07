import { PlanReport } from './report';
import { ReportedStage, ReportedWitness } from '../../changes/plan-report';
import { waitsOf } from '../../changes/plan-words';
import { printableJson } from '../../findings/safe-text';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { objectJson } from '../comparison/words';
import { readingJson } from '../findings/json';

/** Counts up when a field changes its meaning or goes; new fields may come at any time. */
const FORMAT = 1;

/** The plan as programs read it, see docs/schemas/plan.schema.json. */
export function planJson(report: PlanReport): string {
  const { before, after, atOnce, worsened, stages, stuck, others, unjudged, unread, configuration, refused, notes } = report;
  const value = {
    format: FORMAT,
    istio: ISTIO_MINOR,
    ...configuration !== undefined && { configuration: { path: configuration } },
    atOnce: { verdict: atOnce.verdict, ...atOnce.witness && { witness: witnessJson(atOnce.witness) } },
    worsened,
    stages: stages ? stagesJson(stages) : null,
    ...stuck && { stuck: witnessJson(stuck) },
    others: others.map(objectJson),
    unjudged: unjudged.map((object) => ({ ...objectJson(object), why: object.why })),
    unread,
    unjudgedAfter: report.unjudgedAfter,
    assumptions: report.assumptions,
    refused,
    ...readingJson({ unreadable: [...before.unreadable, ...after.unreadable], skipped: [...before.skipped, ...after.skipped], notes }),
  };
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}

/** Stages with their steps. */
export function stagesJson(stages: readonly ReportedStage[]) {
  return stages.map((stage) => ({
    verdict: stage.verdict,
    ...stage.witness && { witness: witnessJson(stage.witness) },
    steps: stage.steps.map(({ object, ...step }) => ({ ...step, ...objectJson(object) })),
    waits: waitsOf(stage),
  }));
}

function witnessJson({ clientHas, clientLacks, serverHas, serverLacks, ...witness }: ReportedWitness) {
  return {
    ...witness,
    clientHas: clientHas.map(objectJson),
    clientLacks: clientLacks.map(objectJson),
    serverHas: serverHas.map(objectJson),
    serverLacks: serverLacks.map(objectJson),
  };
}
