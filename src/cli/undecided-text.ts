import type { CheckReport } from './check';
import { Paper } from './paper';
import { counted, numeral } from './text-report';
import { Telling, WantedFact } from '../analysis/would-decide';
import { printable } from '../findings/printable';
import { Need } from '../mesh/connections/missing-facts';
import { Summary } from '../mesh/summary';

/** How many facts a text shows. */
const SHOWN = 5;

const WANTED: Readonly<Record<Exclude<Need, 'model'>, (of: string) => string>> = {
  'namespace': (of) => `Namespace ${of}, which isn't in the manifests`,
  'revision': (of) => `revision ${of}, which isn't known to be installed`,
  'template': (of) => `what the injection template ${of} makes, which isn't modelled`,
  'discovery': (of) => `the labels of Namespace ${of}, by which istiod reads it or not`,
  'proxy': (of) => `the proxy of a server of ${of}, which is configured elsewhere`,
  'servers': (of) => `a workload or address that serves ${of}`,
  'destination': (of) => `the Service or ServiceEntry for ${of}`,
  'subset': (of) => `the DestinationRule with subset ${of}`,
  'certificates': (of) => `ISTIO_MUTUAL in DestinationRule ${of}: no manifest says who signed certificates of one's own`,
  'one-owner': (of) => `one object alone that makes ${of}: of several it isn't certain which counts`,
  'export': (of) => `another exportTo than ~ of Service ${of}`,
  'routes': (of) => `routes to ${of} that the client's sidecar doesn't refuse (MTLS120)`,
};

/** What would decide the connections that aren't decided: what most wait for first. */
export function undecidedBlocks({ connections, wouldDecide: { facts, together } }: CheckReport, all: boolean, { colours }: Paper): string[][] {
  const { undecided } = connections.outcomes;
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

function factText({ need, of, connections, telling }: WantedFact): string {
  const verb = connections === 1 ? 'waits' : 'wait';
  if (need === 'model') return `${connections === 1 ? 'is' : 'are'} not modelled: ${of}`;
  return `${verb} for ${printable(WANTED[need](of))}${telling ? `; ${optionsText(telling)} decides ${telling.decides === 0 ? 'none alone' : numeral(telling.decides)}` : ''}`;
}

function togetherText(telling: Telling, all: boolean): string {
  const { injectedNamespaces, installedRevisions, decides } = telling;
  const count = injectedNamespaces.length + installedRevisions.length;
  const what = all || count <= SHOWN ? optionsText(telling) : `--injected-namespace and --installed-revision for all ${numeral(count)}`;
  return `${what} together decide ${numeral(decides)}`;
}

/** What to add to the command line. */
export function optionsText({ injectedNamespaces, installedRevisions }: Omit<Telling, 'decides'>): string {
  return [
    ...injectedNamespaces.map((name) => `--injected-namespace ${name}`),
    ...installedRevisions.map((name) => `--installed-revision ${name}`),
  ].join(' ');
}

/** `4 of 11 connections decided (36 %)`; rounded down, so that only all of them are 100 %. */
export function decidedText({ connections, outcomes: { undecided } }: Summary): string {
  const decided = connections - undecided;
  return `${numeral(decided)} of ${counted(connections, 'connection')} decided (${Math.floor((100 * decided) / connections)} %)`;
}
