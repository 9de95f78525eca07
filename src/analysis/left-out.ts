import { numeral } from '../findings/numeral';
import { Summary, summarize } from '../mesh/calls/connections';
import { nameOf, ObjectName, objectText } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';

/** The number of possible connections by outcome that aren't judged, because workloads declare that they make other calls. */
export interface LeftOut extends Summary {
  /** These workloads, by namespace, name and kind. */
  readonly clients: readonly ObjectName[];
  /** What they declare to call and the manifests don't show, so that nothing is judged of it. */
  readonly notShown: readonly DeclaredUnshown[];
}

/** An entry of a declaration that names nothing among the manifests. */
interface DeclaredUnshown {
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
  return { ...summarize(decisions.leftOut(), decisions), clients: clients.map(nameOf), notShown };
}

/** How many workloads are named. */
const NAMED = 3;

/**
 * `70 possible connections, 7 of them broken, are left out, because workloads declare their calls: Deployment shop/web and 2 others`.
 * Undecided ones are counted too: any of them may be broken.
 *
 * @param all whether all workloads are named
 */
export function leftOutText({ connections, outcomes: { broken, undecided }, clients, notShown }: LeftOut, all = false): string {
  const isOne = connections === 1;
  const open = `${numeral(undecided)}${broken === 0 ? ' of them' : ''} undecided`;
  const counts = [...broken > 0 ? [`${numeral(broken)} of them broken`] : [], ...undecided > 0 ? [open] : []];
  const ofThem = counts.length === 0 ? '' : `, ${counts.join(' and ')},`;
  const named = clients.slice(0, all ? undefined : NAMED).map(objectText);
  const rest = clients.length - named.length;
  const others = rest === 0 ? '' : ` and ${numeral(rest)} ${rest === 1 ? 'other' : 'others'}`;
  const unshown = notShown.length === 0 ? '' : `; ${notShownText({ notShown }, all)}`;
  return `${numeral(connections)} possible connection${isOne ? '' : 's'}${ofThem} ${isOne ? 'is' : 'are'} left out, `
    + `because workloads declare their calls: ${named.join(', ')}${others}${unshown}`;
}

/** The same, and how to have them judged. */
export function leftOutNote(leftOut: LeftOut): string {
  return `${leftOutText(leftOut)}: --all-calls judges them`;
}

/**
 * `1 declared call isn't among these manifests: bank/pay:443 of Deployment shop/web`; for at least one.
 *
 * @param all whether all calls are named
 */
export function notShownText({ notShown }: Pick<LeftOut, 'notShown'>, all = false): string {
  const shown = notShown.slice(0, all ? undefined : 1).map(({ client, call }) => `${call} of ${objectText(client)}`).join(', ');
  const calls = notShown.length === 1 ? '1 declared call isn\'t' : `${numeral(notShown.length)} declared calls aren't`;
  return `${calls} among these manifests${all || notShown.length === 1 ? ':' : ', such as'} ${shown}`;
}
