import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsIn, textsOf } from './promql';
import { commandsIn, pathIn, placeholdersIn, shapeOf } from '../../../conformance/runbook/commands';
import { queriesIn } from '../../../conformance/runbook/metrics';

const RECORDED: { readonly shapes: readonly string[]; readonly selectors: readonly string[] } = JSON.parse(readFileSync(join(__dirname, '../../../conformance/recorded/runbook.json'), 'utf8'));
const METRICS_AND_LABELS = new Set(RECORDED.selectors.flatMap((selector) => selector.split(/ by |, /)));

/** The commands of istioctl and kubectl in a runbook, without their values. */
export function shapesIn(page: string): readonly string[] {
  return commandsIn(page).filter(([program]) => program === 'istioctl' || program === 'kubectl').map((words) => shapeOf(words, pathIn(words)));
}

/** What is wrong with a runbook: what is left to fill in, commands that the real programs weren't shown, and queries of what Istio doesn't have. */
export function runbookFaults(page: string): readonly string[] {
  return [...placeholdersIn(page), ...shapesIn(page).filter((shape) => !RECORDED.shapes.includes(shape)), ...queriesIn(page).flatMap(queryFaults)];
}

function queryFaults(query: string): readonly string[] {
  const unknown = [...textsOf(query, 'Identifier'), ...textsOf(query, 'LabelName')].filter((name) => !METRICS_AND_LABELS.has(name));
  return [...errorsIn(query), ...unknown].map((fault) => `${fault}: ${query}`);
}
