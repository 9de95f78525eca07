import { counted, numeral } from './numbers';
import { ReportedFinding, Settled, SettledBaseline } from './report';
import { configurationLines, titleOf } from './text-report';
import { Growth } from '../baseline/baseline';
import { fieldText } from '../findings/finding';
import { printable } from '../findings/safe-text';

/** How many findings are shown that are worse than the baseline has them. */
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
  return [`${entries} of ${path} ${stale.length === 1 ? 'matches' : 'match'} no finding any more: --write-baseline drops ${stale.length === 1 ? 'it' : 'them'}`];
}

function baselineLines({ path, held, grown }: SettledBaseline): string[] {
  const refused = new Set([...held.keys()].filter(({ code, severity }) => code.startsWith('ADMIT') && severity === 'error').map(({ objectIndex }) => objectIndex)).size;
  const without = refused === 0 ? '' : `; ${counted(refused, 'refused object')} ${refused === 1 ? 'isn\'t' : 'aren\'t'} part of the mesh`;
  const first = [...grown].slice(0, SHOWN).map(([finding, growth]) => `  reported again: ${growthText(finding, growth)}`);
  const more = grown.size > SHOWN ? [`  and ${numeral(grown.size - SHOWN)} more`] : [];
  return [`Baseline: ${path}, which leaves out ${counted(held.size, 'known finding')}${without}`, ...first, ...more];
}

/** Why a finding is reported although the baseline has it. */
export function growthText(finding: ReportedFinding, { entry, count, connections }: Growth): string {
  const subject = `${finding.code} ${titleOf(finding.object)} ${fieldText(finding.field)}`.trimEnd();
  if (count > entry.count) return `${subject}: ${numeral(count)} findings; the baseline has ${numeral(entry.count)}`;
  return `${subject}: ${counted(connections, 'connection')}; the baseline has ${numeral(entry.connections!)}`;
}
