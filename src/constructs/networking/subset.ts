import { Destination } from './destination';

/** A subset that a Destination defines, for a route to lead to: see `Destination.subset`. */
export class Subset {
  /** @internal */
  public static _of(destination: Destination, name: string): Subset {
    return new Subset(destination, name);
  }

  private constructor(
    /** Where it is defined. */
    public readonly destination: Destination,
    /** Its name, unique within its host. */
    public readonly name: string,
  ) {}
}
