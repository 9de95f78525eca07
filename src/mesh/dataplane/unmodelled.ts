import { DataPlane } from './data-plane';
import { Inbound } from './inbound';
import { Unproxied } from './unproxied';
import { Call } from '../connections/call';
import { UndecidedReason } from '../connections/outcome';
import { Path, straight, undecided } from '../connections/path';
import { Sender } from '../connections/sender';
import { ServerPort } from '../server/server-port';
import { Address } from '../services/addresses';
import { Workload } from '../workloads/workload';

/** Workloads of which nobody knows what proxy they have, or with one that the model doesn't know: whatever they send or take is undecided. */
export class Unmodelled implements DataPlane {
  /** @param because why what they send isn't decided */
  constructor(private readonly because: UndecidedReason, private readonly unproxied: Unproxied, private readonly inbound: Inbound) {}

  senderKey({ proxy: { kind } }: Workload): string {
    return kind;
  }

  originate(sender: Sender, call: Call, address: Address): readonly Path[] {
    return this.unproxied.direct(sender, call, address).map((hop) => straight(undecided(hop, this.because)));
  }

  accept(workload: Workload, port: number): ServerPort {
    const { kind, because } = workload.proxy;
    return { mode: 'UNKNOWN', ...this.inbound.declared(workload, port), obstacle: 'injection', because: `its proxy is ${kind}: ${because}` };
  }
}
