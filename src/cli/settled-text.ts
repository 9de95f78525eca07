import { counted, numeral } from './numbers';
import { ReportedFinding, Settled, SettledBaseline } from './report';
import { configurationLines, titleOf } from './text-report';
import { Growth } from '../baseline/baseline';
import { fieldText } from '../findings/field-path';
import { printable } from '../findings/printable';

/** Of how many findings a text says that a baseline holds less. */
const SHOWN = 3;

/** The files of settings that a report comes from, and what they leave out of it. */
export function settledLines(settled: Settled | undefined): string[] {
  const { baseline } = settled ?? {};
  return [...configurationLines(settled), ...baseline ? [...baselineLines(baseline), ...staleLines(baseline)].map(printable) : []];
}

/** The line of stale entries, if there are some. */
export function staleLines({ path, stale }: SettledBaseline): string[] {
  if (stale.length === 0) return [];
  const entries = stale.length === 1 ? '1 entry' : `${numeral(stale.length)} entries`;
  return [`${entries} of ${path} ${stale.length === 1 ? 'matches' : 'match'} nothing any more: --write-baseline drops ${stale.length === 1 ? 'it' : 'them'}`];
}

function baselineLines({ path, held, grown }: SettledBaseline): string[] {
  const refused = new Set([...held.keys()].filter(({ code, severity }) => code.startsWith('ADMIT') && severity === 'error').map(({ objectIndex }) => objectIndex)).size;
  const without = refused === 0 ? '' : `; ${counted(refused, 'object')} of them ${refused === 1 ? 'is' : 'are'} refused and ${refused === 1 ? 'has' : 'have'} no part in the mesh`;
  const first = [...grown].slice(0, SHOWN).map(([finding, growth]) => `  ${growthText(finding, growth)}`);
  const more = grown.size > SHOWN ? [`  and ${numeral(grown.size - SHOWN)} more`] : [];
  return [`Baseline: ${path}, which holds ${counted(held.size, 'finding')}${without}`, ...first, ...more];
}

/** Why a finding is reported that the baseline knows. */
export function growthText(finding: ReportedFinding, { entry, count, connections }: Growth): string {
  const subject = `${finding.code} ${titleOf(finding.object)} ${fieldText(finding.field)}`.trimEnd();
  if (count > entry.count) return `${subject}: ${numeral(count)} findings, the baseline holds ${numeral(entry.count)}`;
  return `${subject}: ${counted(connections, 'connection')}, the baseline holds ${numeral(entry.connections!)}`;
}
