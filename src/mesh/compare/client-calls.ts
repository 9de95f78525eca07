import { arrivalResult, arrivalsIn } from './arrivals';
import { pathsOfClient } from './connection-changes';
import { idKey, ObjectId } from '../inventory/object';
import { Mesh } from '../mesh';
import { Call, callKey } from '../model/call';
import { Path } from '../model/path';
import { Sender } from '../model/sender';
import { Workload } from '../workloads/workload';

/** A client's call, as one state of the mesh decides it. */
export interface ClientCall {
  readonly client: Workload;
  readonly call: Call;
  readonly sender: Sender;
  readonly paths: readonly Path[];
}

/** Looks up a state's decision about a client's call. */
export class ClientCalls {
  private readonly clients: ReadonlyMap<string, Workload>;
  private readonly calls: ReadonlyMap<string, Call>;

  constructor(private readonly mesh: Mesh) {
    // If several have one id, the first counts.
    this.clients = new Map([...mesh.callers].reverse().map((workload) => [idKey(workload), workload]));
    this.calls = new Map(mesh.decisions.calls.map((call) => [call.key, call]));
  }

  /** Undefined if the state lacks the client or the call. */
  of(client: ObjectId, called: Pick<Call, 'host' | 'port'>): ClientCall | undefined {
    const { decisions } = this.mesh;
    const [one, call] = [this.clients.get(idKey(client)), this.calls.get(callKey(called))];
    if (!one || !call) return undefined;
    const sender = decisions.senderOf(one);
    const decision = decisions.ofSender(call, sender);
    return { client: one, call, sender, paths: pathsOfClient(decision, one) };
  }
}

/** A key that is equal for calls with equal outcomes at the same arrivals. */
export function outcomesKey(called: ClientCall | undefined): string {
  return called ? [...arrivalsIn(called.paths).values()].map(arrivalResult).sort().join('\n') : 'none';
}
