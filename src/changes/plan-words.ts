import { ObjectDifference, changedText, firstTexts } from './object-changes';
import { PlanWitness } from './plan-report';
import { awaitedTexts, isTellable } from '../analysis/would-decide';
import { conditionText } from '../findings/condition';
import { numeral } from '../findings/numeral';
import { shellWord } from '../findings/shell-words';
import { MissingFact } from '../mesh/calls/missing-facts';
import { workloadText } from '../mesh/queries/connection-text';

/** How many objects a sentence names. */
const NAMED = 3;

/** `if shop has none, Deployment shop/web → ratings.shop.svc.cluster.local:9080 is broken while …`. */
export function witnessText(witness: PlanWitness): string {
  return `${witness.if ? `${conditionText(witness.if)}, ` : ''}${fallenText(witness)}`;
}

function fallenText(witness: PlanWitness): string {
  const { kind, client, calls, server, outcome, mode } = witness;
  if (kind === 'too-many') return `too many changes touch the same calls: ${objectsText(witness.serverLacks)}`;
  if (kind === 'undecided') return undecidedText(witness);
  if (kind === 'port') {
    const port = server!.port === undefined ? 'an unnamed port' : `port ${server!.port}`;
    return `${port} of ${workloadText(server!)} is ${mode}${whileText('it', witness.serverHas, witness.serverLacks)}`;
  }
  const to = server ? ` at ${workloadText(server)}` : '';
  const states = [sideText('its client', witness.clientHas, witness.clientLacks),
    ...server ? [sideText('its server', witness.serverHas, witness.serverLacks)] : []];
  const during = states.filter((state) => state !== '').join(', and ');
  return `${workloadText(client!)} → ${calls}${to} is ${outcome}${during === '' ? '' : ` while ${during}`}`;
}

/** `30 connections that ~ PeerAuthentication shop/default may concern are undecided: 30 wait for Namespace shop, …`. */
function undecidedText({ connections = 0, servers = 0, facts = [], serverLacks }: PlanWitness): string {
  const counted = (count: number, noun: string): string => `${numeral(count)} ${noun}${count === 1 ? '' : 's'}`;
  const objects = objectsText(serverLacks);
  const subject = connections > 0
    ? `${counted(connections, 'connection')} that ${objects} may concern ${connections === 1 ? 'is' : 'are'} undecided`
    : `what ${counted(servers, 'workload')} of ${objects} ${servers === 1 ? 'accepts' : 'accept'} isn't known`;
  const waits = [...awaitedTexts(facts, connections), ...optionsIn(facts)];
  return `${subject}${waits.length === 0 ? '' : `: ${waits.join('; ')}`}`;
}

/** What to state instead, if an option can. */
function optionsIn(facts: readonly MissingFact[]): readonly string[] {
  const tellable = facts.filter(isTellable);
  const optionOf = (need: MissingFact['need']) => (need === 'namespace' ? '--injected-namespace' : '--installed-revision');
  const options = tellable.map(({ need, subject }) => `${optionOf(need)} ${shellWord(subject)}`);
  return tellable.length === 0 ? [] : [`state ${options.join(' ')} if that is so`];
}

function whileText(who: string, has: readonly ObjectDifference[], lacks: readonly ObjectDifference[]): string {
  const side = sideText(who, has, lacks);
  return side === '' ? '' : ` while ${side}`;
}

function sideText(who: string, has: readonly ObjectDifference[], lacks: readonly ObjectDifference[]): string {
  const parts = [...has.length > 0 ? [`already has ${objectsText(has)}`] : [],
    ...lacks.length > 0 ? [`doesn't have ${objectsText(lacks)} yet`] : []];
  return parts.length === 0 ? '' : `${who} ${parts.join(' and ')}`;
}

function objectsText(objects: readonly ObjectDifference[]): string {
  return firstTexts(objects.map(changedText), NAMED);
}
