import { ClientClass } from '../connections/client-class';
import { grouped } from '../grouped';
import { Mesh } from '../mesh';
import { Workload } from '../workloads/workload';

/** Clients of one class that were of one class before the change, too. */
export interface ClientPart extends ClientClass {
  /** Undefined: they are the change's own. */
  readonly before?: ClientClass;
}

/** Divides the classes of a changed mesh by what their clients were decided with before. */
export class ClientParts {
  private readonly byClient = new Map<Workload, ClientPart>();
  private readonly byClass: ReadonlyMap<ClientClass, readonly ClientPart[]>;

  /** @param isOwn whether an object is the change's own */
  constructor(before: Mesh, after: Mesh, isOwn: (source: object) => boolean) {
    const known = new Map(before.workloads.map((workload) => [workload.object.source, before.decisions.classOf(workload)]));
    const beforeOf = ({ object: { source }, podSource }: Workload): ClientClass | undefined =>
      (isOwn(source) || isOwn(podSource.object.source) ? undefined : known.get(source));
    this.byClass = new Map([...grouped(after.workloads, (client) => after.decisions.classOf(client))].map(([one, clients]) => [one,
      [...grouped(clients, beforeOf)].map(([formerly, workloads]) => this.add({ ...one, one: workloads[0], workloads, before: formerly }))]));
  }

  /** The classes that the parts are of. */
  get classes(): Iterable<ClientClass> {
    return this.byClass.keys();
  }

  of(client: Workload): ClientPart {
    return this.byClient.get(client)!;
  }

  ofClass(one: ClientClass): readonly ClientPart[] {
    return this.byClass.get(one)!;
  }

  private add(part: ClientPart): ClientPart {
    for (const client of part.workloads) this.byClient.set(client, part);
    return part;
  }
}
