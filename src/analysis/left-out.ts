import { numeral } from '../findings/numeral';
import { Summary, summarize } from '../mesh/calls/connections';
import { nameOf, ObjectName, objectText } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';

/** The number of possible connections by outcome that aren't judged, because workloads declare that they make other calls. */
export interface LeftOut extends Summary {
  /** These workloads, by namespace, name and kind. */
  readonly clients: readonly ObjectName[];
}

/** Undefined if no workload declares its calls, or if all calls are judged. With facts, all those of the mesh after the change. */
export function leftOutIn({ callers, decisions }: Mesh): LeftOut | undefined {
  const clients = callers.filter((client) => decisions.senderOf(client).calls);
  return clients.length === 0 ? undefined : { ...summarize(decisions.leftOut(), decisions), clients: clients.map(nameOf) };
}

/** How many workloads are named. */
const NAMED = 3;

/**
 * `70 possible connections, 7 of them broken, are left out, because their clients declare other calls: Deployment shop/web and 2 others`.
 *
 * @param all whether all workloads are named
 */
export function leftOutText({ connections, outcomes: { broken }, clients }: LeftOut, all = false): string {
  const isOne = connections === 1;
  const ofThem = broken === 0 ? '' : `, ${numeral(broken)} of them broken,`;
  const named = clients.slice(0, all ? undefined : NAMED).map(objectText);
  const rest = clients.length - named.length;
  const others = rest === 0 ? '' : ` and ${numeral(rest)} ${rest === 1 ? 'other' : 'others'}`;
  return `${numeral(connections)} possible connection${isOne ? '' : 's'}${ofThem} ${isOne ? 'is' : 'are'} left out, `
    + `because workloads declare their calls: ${named.join(', ')}${others}`;
}
