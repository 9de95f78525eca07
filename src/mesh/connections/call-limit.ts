import { limitError } from '../../findings/refusal';
import { shown } from '../../findings/shown';
import { Service } from '../services/service';

/** What of a call counts. */
interface Counted {
  readonly host: string;
  readonly services: readonly Service[];
  readonly neighbours: readonly Service[];
}

/** How many calls there may be, and services that may take them: so many, and so many more for each service. */
const [ALWAYS, FOR_EACH_SERVICE] = [50_000, 30];

/** Counts the calls of a mesh: each is decided by itself, with every service that may take it. */
export class CallLimit {
  private readonly most: number;
  private calls = 0;
  private takers = 0;

  constructor(services: number) {
    this.most = ALWAYS + FOR_EACH_SERVICE * services;
  }

  /** @throws LimitError if there are too many */
  count<C extends Counted>(call: C): C {
    this.calls += call.services.length;
    this.takers += call.neighbours.length;
    if (this.calls > this.most) {
      throw this.tooMany(call, 'ports of all services and hosts', 'list fewer hosts or ports');
    }
    if (this.takers > this.most) {
      throw this.tooMany(call, 'services that may take calls since they listen at the same address or pods', 'give them addresses or pods of their own');
    }
    return call;
  }

  private tooMany({ host, services: [{ object: { kind, namespace, name } }] }: Counted, what: string, fix: string): Error {
    return limitError({
      kind,
      name: `${namespace}/${name}`,
      field: 'spec',
      actual: `what brings the ${what} to more than ${this.most}, at ${shown(host)}`,
      expected: `about ${FOR_EACH_SERVICE} for each service and host at most`,
      because: 'each of them is decided by itself',
      fix,
    });
  }
}
