import type { CheckReport } from './check';
import { counted, numeral } from './numbers';
import { Paper } from './paper';
import { Telling, waitingText, WantedFact } from '../analysis/would-decide';
import { printable } from '../findings/safe-text';
import { Summary } from '../mesh/calls/connections';

/** How many facts a text shows. */
const SHOWN = 5;

/** What would decide the connections that aren't decided: what most wait for first. */
export function undecidedBlocks(report: CheckReport, all: boolean, { colours }: Paper): string[][] {
  const { connections: { outcomes: { undecided } }, wouldDecide: { facts, together } } = report;
  if (undecided === 0) return [];
  const shown = all ? facts : facts.slice(0, SHOWN);
  const width = Math.max(...shown.map(({ connections }) => numeral(connections).length));
  return [[
    colours.bold(`What would decide the ${counted(undecided, 'undecided connection')}`),
    ...shown.map((fact) => `  ${numeral(fact.connections).padStart(width)} ${factText(fact)}`),
    ...facts.length > shown.length ? [colours.dim(`  and ${numeral(facts.length - shown.length)} more to wait for (--all shows them)`)] : [],
    ...together ? [`  ${togetherText(together, all)}`] : [],
  ]];
}

function factText(fact: WantedFact): string {
  const { telling } = fact;
  const decides = telling ? `; ${optionsText(telling)} decides ${telling.decides === 0 ? 'none alone' : numeral(telling.decides)}` : '';
  return `${printable(waitingText(fact))}${decides}`;
}

function togetherText(telling: Telling, all: boolean): string {
  const { injectedNamespaces, installedRevisions, decides } = telling;
  const isShort = all || injectedNamespaces.length + installedRevisions.length <= SHOWN;
  return `${isShort ? optionsText(telling) : countText(telling)} together decide ${numeral(decides)}`;
}

function countText({ injectedNamespaces: { length: namespaces }, installedRevisions: { length: revisions } }: Telling): string {
  return [
    ...namespaces > 0 ? [`--injected-namespace for ${counted(namespaces, 'namespace')}`] : [],
    ...revisions > 0 ? [`--installed-revision for ${counted(revisions, 'revision')}`] : [],
  ].join(' and ');
}

/** What to add to the command line. */
export function optionsText({ injectedNamespaces, installedRevisions }: Omit<Telling, 'decides'>): string {
  return [
    ...injectedNamespaces.map((name) => `--injected-namespace ${name}`),
    ...installedRevisions.map((name) => `--installed-revision ${name}`),
  ].join(' ');
}

/** How much is decided, beside formats that have no place for it: nothing found among undecided connections is no pass. */
export function decidedNote({ connections }: Pick<CheckReport, 'connections'>): string {
  return connections.outcomes.undecided > 0 ? `${decidedText(connections)}: -o text tells what would decide the others\n` : '';
}

/** `4 of 11 connections decided (36 %)`; rounded down, so that only all of them are 100 %. */
export function decidedText({ connections, outcomes: { undecided } }: Summary): string {
  const decided = connections - undecided;
  return `${numeral(decided)} of ${counted(connections, 'connection')} decided (${Math.floor((100 * decided) / connections)} %)`;
}
