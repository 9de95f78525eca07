import { ApiObject } from 'cdk8s';
import { CalledService } from './destination-host';
import { WorkloadSelection } from '../workload-selection';

/** The Destination of a subset, as routes need it. */
export interface SubsetOwner extends ApiObject {
  readonly host: string;
  readonly namespace: string;
  /** The namespaces whose clients see it; undefined for all. */
  readonly _audience: ReadonlySet<string> | undefined;
  readonly _isShort: boolean;
  /** The Service of the host, if it was given. */
  readonly _service: CalledService | undefined;
  /** The client pods that it applies to; undefined for all. */
  readonly _clients: WorkloadSelection | undefined;
}

/** A subset that a Destination defines, as the target of a route: see `Destination.subset`. */
export class Subset {
  /** @internal */
  public static _of(owner: SubsetOwner, name: string): Subset {
    return new Subset(owner, name);
  }

  /** The Destination that defines it. */
  public readonly destination: ApiObject;

  private constructor(
    /** @internal */
    public readonly _owner: SubsetOwner,
    /** Its name, unique within its host. */
    public readonly name: string,
  ) {
    this.destination = _owner;
  }
}
