import { causeOf } from './causes';
import { numeral } from '../findings/numeral';
import { Summary, summarize } from '../mesh/calls/connections';
import { Counting, Decision, Decisions } from '../mesh/calls/decisions';
import { hidingOf } from '../mesh/control-planes/hiding';
import { nameOf, ObjectName, objectText } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { losesCopies, Path, transportOf } from '../mesh/model/path';

/** The number of possible connections by outcome that aren't judged, because workloads declare that they make other calls. */
export interface LeftOut extends Summary {
  /** How many of the broken ones are to hosts that their clients' Sidecars don't import. */
  readonly notImported: number;
  /** These workloads, by namespace, name and kind. */
  readonly clients: readonly ObjectName[];
  /** What they declare to call and the manifests don't show, so that nothing is judged of it. */
  readonly notShown: readonly DeclaredUnjudged[];
  /** What they declare to call on ports that aren't for TCP, of which nothing is judged, such as `shop/dns:53/UDP`. */
  readonly withoutTcp: readonly DeclaredUnjudged[];
}

/** An entry of a declaration of which nothing is judged. */
interface DeclaredUnjudged {
  readonly client: ObjectName;
  /** As it is written, such as `bank/pay:443`. */
  readonly call: string;
}

/** Undefined if no workload declares its calls, or if all calls are judged. With facts, all those of the mesh after the change. */
export function leftOutIn({ callers, decisions, declarations }: Mesh): LeftOut | undefined {
  const clients = callers.filter((client) => decisions.senderOf(client).calls);
  if (clients.length === 0) return undefined;
  const notShown = clients.flatMap((client) => (declarations.get(client)?.entries ?? []).filter(({ fault }) => fault === 'not-shown')
    .map(({ text }) => ({ client: nameOf(client), call: text })));
  const withoutTcp = clients.flatMap((client) => (declarations.get(client)?.entries ?? []).flatMap((entry) => (
    entry.withoutTcp.map((port) => ({ client: nameOf(client), call: `${entry.text.replace(/:\d+$/, '')}:${port}` })))));
  return { ...countedIn(decisions), clients: clients.map(nameOf), notShown, withoutTcp };
}

/** Counts each decision as it is made, so that none is kept. */
function countedIn(decisions: Decisions): Summary & Pick<LeftOut, 'notImported'> {
  let notImported = 0;
  const counting: Pick<Counting, 'count'> = {
    count: (decision, path) => {
      const count = decisions.count(decision, path);
      if (count > 0 && breaksForSidecar(decision, path)) notImported += count;
      return count;
    },
  };
  const summary = summarize(decisions.leftOut(), counting);
  return { ...summary, notImported };
}

/** Sidecars of declared calls import nothing else, so such connections break as intended. */
function breaksForSidecar(decision: Decision, path: Path): boolean {
  const { call: { services: [service], port } } = decision;
  const [hop] = path.hops;
  const { plane, scope } = hop.sender;
  if (!scope || losesCopies(path) || transportOf(path).outcome !== 'broken') return false;
  const isHidden = ['passthrough', 'black-hole'].includes(causeOf({ decision, path, hop }));
  return isHidden && hidingOf(service, plane, scope.onPort(port)) === 'sidecar';
}

/** How many workloads are named. */
const NAMED = 3;

/**
 * `70 possible connections, 7 of them broken, are left out, because workloads declare their calls: Deployment shop/web and 2 others`.
 * Undecided ones are counted too: any of them may be broken. Empty if none is left out and everything declared is shown.
 *
 * @param hint what judges them, such as `--all-calls judges them`; stated only where there is anything to judge
 * @param all whether all workloads are named
 * @param further what else there is to say of them
 */
export function leftOutText(leftOut: LeftOut, hint?: string, all = false, further: readonly string[] = []): string {
  const { connections, clients, notShown, withoutTcp } = leftOut;
  const unshown = [
    ...notShown.length === 0 ? [] : [notShownText({ notShown }, all)], ...withoutTcp.length === 0 ? [] : [withoutTcpText(withoutTcp, all)],
  ];
  const hinted = hint === undefined ? '' : ` (${hint})`;
  if (connections === 0) return `${[...unshown, ...further].join('; ')}${further.length === 0 ? '' : hinted}`;
  const isOne = connections === 1;
  const named = clients.slice(0, all ? undefined : NAMED).map(objectText);
  const rest = clients.length - named.length;
  const others = rest === 0 ? '' : ` and ${numeral(rest)} ${rest === 1 ? 'other' : 'others'}`;
  const text = `${numeral(connections)} possible connection${isOne ? '' : 's'}${outcomesText(leftOut)} ${isOne ? 'is' : 'are'} left out, `
    + `because workloads declare their calls: ${named.join(', ')}${others}`;
  return `${[text, ...unshown, ...further].join('; ')}${hinted}`;
}

/** `, 7 of them broken (3 because …) and 2 undecided,`; of a single connection `, broken,`. */
function outcomesText({ connections, outcomes: { broken, undecided }, notImported }: LeftOut): string {
  const isOne = connections === 1;
  const some = notImported === broken ? '' : `${numeral(notImported)} because `;
  const why = notImported === 0 ? '' : ` (${some}the client's Sidecar doesn't import the host)`;
  const parts = [{ count: broken, word: `broken${why}` }, { count: undecided, word: 'undecided' }].filter(({ count }) => count > 0);
  const texts = parts.map(({ count, word }, place) => (isOne ? word : `${numeral(count)}${place === 0 ? ' of them' : ''} ${word}`));
  return texts.length === 0 ? '' : `, ${texts.join(' and ')},`;
}

/** What the command says of them: nothing, or a text with the option that judges them. */
export function leftOutNotes(leftOut: LeftOut | undefined, all = false): readonly string[] {
  return [leftOut ? leftOutText(leftOut, '--all-calls judges them', all) : ''].filter((text) => text !== '');
}

/**
 * `1 declared call isn't among these manifests: bank/pay:443 of Deployment shop/web`; for at least one.
 *
 * @param all whether all calls are named
 */
export function notShownText({ notShown }: Pick<LeftOut, 'notShown'>, all = false): string {
  const calls = notShown.length === 1 ? '1 declared call isn\'t' : `${numeral(notShown.length)} declared calls aren't`;
  return `${calls} among these manifests${listed(notShown, all)}`;
}

/** `1 declared call isn't TCP, and isn't judged: shop/dns:53/UDP of Deployment shop/web`; for at least one. */
function withoutTcpText(calls: LeftOut['withoutTcp'], all: boolean): string {
  const [count, is] = calls.length === 1 ? ['1 declared call', 'isn\'t'] : [`${numeral(calls.length)} declared calls`, 'aren\'t'];
  return `${count} ${is} TCP, and ${is} judged${listed(calls, all)}`;
}

function listed(calls: readonly DeclaredUnjudged[], all: boolean): string {
  const shown = calls.slice(0, all ? undefined : 1).map(({ client, call }) => `${call} of ${objectText(client)}`).join(', ');
  return `${all || calls.length === 1 ? ':' : ', such as'} ${shown}`;
}
