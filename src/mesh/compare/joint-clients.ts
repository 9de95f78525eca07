import { addTo } from '../collections';
import { idKey } from '../inventory/object';
import { Mesh } from '../mesh';
import { Sender } from '../model/sender';
import { Workload } from '../workloads/workload';

/** A client in two states of a mesh; undefined in a state that doesn't have it. */
export interface JointClient {
  readonly before?: Workload;
  readonly after?: Workload;
}

/** Clients that share a sender in both states. */
export interface JointSender {
  readonly before?: Sender;
  readonly after?: Sender;
  readonly clients: readonly JointClient[];
}

/** The clients of two states of a mesh, grouped by their senders before and after. */
export class JointSenders {
  /** The groups of clients that exist in only one state. */
  readonly single: readonly JointSender[];

  private readonly bySender = new Map<Sender, JointSender[]>();
  private readonly byWorkload = new Map<Workload, { readonly client: JointClient; readonly sender: JointSender }>();

  constructor(before: Mesh, after: Mesh) {
    const all = groupsOf(jointClients(before.callers, after.callers), before, after);
    for (const sender of all) this.add(sender);
    this.single = all.filter((one) => !one.before || !one.after);
  }

  of(one: Sender): readonly JointSender[] {
    return this.bySender.get(one) ?? [];
  }

  ofClient(workload: Workload): { readonly client: JointClient; readonly sender: JointSender } {
    return this.byWorkload.get(workload)!;
  }

  private add(sender: JointSender): void {
    for (const one of [sender.before, sender.after]) if (one) addTo(this.bySender, one, sender);
    for (const client of sender.clients) {
      for (const workload of [client.before, client.after]) if (workload) this.byWorkload.set(workload, { client, sender });
    }
  }
}

/** Pairs clients by id; several with one id, whose names the API server generates, are paired in order. */
function jointClients(before: readonly Workload[], after: readonly Workload[]): readonly JointClient[] {
  const left = new Map<string, Workload[]>();
  for (const workload of before) addTo(left, idKey(workload), workload);
  const clients: JointClient[] = after.map((workload) => ({ before: left.get(idKey(workload))?.shift(), after: workload }));
  return [...clients, ...[...left.values()].flat().map((workload) => ({ before: workload }))];
}

function groupsOf(clients: readonly JointClient[], before: Mesh, after: Mesh): readonly JointSender[] {
  const groups = new Map<Sender | undefined, Map<Sender | undefined, JointClient[]>>();
  for (const client of clients) {
    const [first, second] = [client.before && before.decisions.senderOf(client.before),
      client.after && after.decisions.senderOf(client.after)];
    let byAfter = groups.get(first);
    if (!byAfter) groups.set(first, byAfter = new Map());
    addTo(byAfter, second, client);
  }
  return [...groups].flatMap(([first, byAfter]) => (
    [...byAfter].map(([second, together]) => ({ before: first, after: second, clients: together }))));
}
