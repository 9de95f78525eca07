import { Sender } from '../connections/sender';
import { grouped } from '../grouped';
import { Mesh } from '../mesh';
import { Workload } from '../workloads/workload';

/** Clients of one class that were of one class before the change, too. */
export interface ClientPart extends Sender {
  /** Undefined: they are the change's own. */
  readonly before?: Sender;
}

/** Divides the senders of a changed mesh by what their clients were decided with before. */
export class ClientParts {
  private readonly byClient = new Map<Workload, ClientPart>();
  private readonly byClass: ReadonlyMap<Sender, readonly ClientPart[]>;

  /** @param isOwn whether an object is the change's own */
  constructor(before: Mesh, after: Mesh, isOwn: (source: object) => boolean) {
    const known = new Map(before.workloads.map((workload) => [workload.object.source, before.decisions.senderOf(workload)]));
    const beforeOf = ({ object: { source }, podSource }: Workload): Sender | undefined =>
      (isOwn(source) || isOwn(podSource.object.source) ? undefined : known.get(source));
    this.byClass = new Map([...grouped(after.workloads, (client) => after.decisions.senderOf(client))].map(([one, clients]) => [one,
      [...grouped(clients, beforeOf)].map(([formerly, workloads]) => this.add({ ...one, one: workloads[0], workloads, before: formerly }))]));
  }

  /** The senders that the parts are of. */
  get senders(): Iterable<Sender> {
    return this.byClass.keys();
  }

  of(client: Workload): ClientPart {
    return this.byClient.get(client)!;
  }

  ofSender(one: Sender): readonly ClientPart[] {
    return this.byClass.get(one)!;
  }

  private add(part: ClientPart): ClientPart {
    for (const client of part.workloads) this.byClient.set(client, part);
    return part;
  }
}
