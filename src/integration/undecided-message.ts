import { waitingText } from '../analysis/waiting-text';
import { Telling, WouldDecide } from '../analysis/would-decide';
import { printable } from '../findings/printable';
import { Summary } from '../mesh/summary';

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
