import { Telling, WouldDecide } from './would-decide';
import { printable } from '../findings/printable';
import { MissingFact, Need } from '../mesh/connections/missing-facts';
import { Summary } from '../mesh/summary';

const WANTED: Readonly<Record<Exclude<Need, 'model'>, (subject: string) => string>> = {
  'namespace': (subject) => `Namespace ${subject}, which isn't in the manifests`,
  'revision': (subject) => `revision ${subject}, which isn't known to be installed`,
  'template': (subject) => `what the injection template ${subject} makes, which isn't modelled`,
  'injector': (subject) => `what ${subject} has injected, which isn't modelled`,
  'pod-template': (subject) => `the pod template of ${subject}, which isn't in the manifests`,
  'discovery': (subject) => `the labels of Namespace ${subject}, by which istiod reads it or not`,
  'proxy': (subject) => `the proxy of a server of ${subject}, which is configured elsewhere`,
  'servers': (subject) => `a workload or address that serves ${subject}`,
  'destination': (subject) => `the Service or ServiceEntry for ${subject}`,
  'subset': (subject) => `the DestinationRule with subset ${subject}`,
  'certificates': (subject) => `ISTIO_MUTUAL in DestinationRule ${subject}: no manifest says who signed certificates of one's own`,
  'one-owner': (subject) => `one object alone that makes ${subject}: of several it isn't certain which counts`,
  'export': (subject) => `another exportTo than ~ of Service ${subject}`,
  'routes': (subject) => `routes to ${subject} that the client's sidecar doesn't refuse (MTLS120)`,
};

/** What undecided connections wait for, behind their number: `wait for Namespace shop, …`. */
export function waitingText({ need, subject, connections }: MissingFact): string {
  if (need === 'model') return `${connections === 1 ? 'is' : 'are'} not modelled: ${subject}`;
  return `${connections === 1 ? 'waits' : 'wait'} for ${WANTED[need](subject)}`;
}

/** How many facts are told. */
const TOLD = 3;

/** Why undecided connections fail a synth, and what would decide them. */
export function undecidedMessage({ connections, outcomes: { undecided } }: Summary, { facts, together }: WouldDecide): string {
  const told = facts.slice(0, TOLD).map((fact) => `${fact.connections} ${waitingText(fact)}${fact.telling ? ` (${tellingText(fact.telling)})` : ''}`);
  const more = facts.length > TOLD ? [`${facts.length - TOLD} more to wait for`] : [];
  return printable([
    `${undecided} of ${connections} connections ${undecided === 1 ? 'is' : 'are'} undecided; expected none, because failOn says so`,
    [...told, ...more, ...together ? [`together ${tellingText(together)}`] : []].join('; '),
  ].join(': '));
}

function tellingText({ injectedNamespaces, installedRevisions, decides }: Telling): string {
  const options = Object.entries({ injectedNamespaces, installedRevisions }).filter(([, names]) => names.length > 0);
  return `${options.map(([name, names]) => `${name}: [${names.join(', ')}]`).join(' and ')} ${options.length > 1 ? 'decide' : 'decides'} ${decides}`;
}
