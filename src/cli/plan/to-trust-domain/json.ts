import { stagesJson } from '../json';
import { TrustDomainReport } from './report';
import { redactedValue } from '../../../findings/redacted-value';
import { printableJson } from '../../../findings/safe-text';
import { ISTIO_MINOR } from '../../../mesh/config/istiods';
import { objectJson } from '../../comparison/words';
import { readingJson } from '../../findings/json';

/** Counts up when a field changes its meaning or goes; new fields may come at any time. */
const FORMAT = 1;

/** The report as programs read it, see docs/schemas/trust-domain.schema.json. */
export function trustDomainJson(report: TrustDomainReport): string {
  const { compared, from, to, faults, stages, leftovers, unjudgedAfter, assumptions, notes, configuration } = report;
  const value = {
    format: FORMAT,
    istio: ISTIO_MINOR,
    ...configuration !== undefined && { configuration: { path: configuration } },
    ...redactedValue({ from, to, faults }),
    stages: stages.map(({ stage, title, isProven, doubts, plan, steps }) => ({
      stage,
      title,
      proven: isProven,
      doubts: redactedValue(doubts),
      ...changesJson(plan),
      steps: steps.map(({ action, text, keys = [], commands = [] }) => redactedValue({
        action, text, about: keys.map((parts) => parts.filter((part) => part !== '').join(': ')), commands,
      })),
    })),
    leftovers: leftovers.map(({ object, field, place }) => redactedValue({
      object, field, ...place && { place: { file: place.file, line: place.position.line, column: place.position.column } },
    })),
    unjudgedAfter,
    assumptions,
    ...readingJson({ unreadable: compared.before.unreadable, skipped: compared.before.skipped, notes }),
  };
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}

/** What changes, as `plan` of two states prints it. */
function changesJson({ stages, others, unjudged }: TrustDomainReport['stages'][number]['plan']) {
  return { parts: stages ? stagesJson(stages) : null, others: [...others, ...unjudged].map(objectJson) };
}
