import { Endpoint } from './endpoint';

/** The servers behind a port, in the order of adding. Those that several ports have in common stay one list. */
export class EndpointList {
  private readonly parts: (readonly Endpoint[])[] = [];
  private last: Endpoint[] | undefined;
  private known: readonly Endpoint[] | undefined;

  add(endpoint: Endpoint): void {
    if (!this.last) this.parts.push(this.last = []);
    this.last.push(endpoint);
    this.known = undefined;
  }

  /** @param endpoints a list that nobody changes any more */
  addAll(endpoints: readonly Endpoint[]): void {
    this.parts.push(endpoints);
    this.last = this.known = undefined;
  }

  get all(): readonly Endpoint[] {
    return this.known ??= this.parts.length === 1 ? this.parts[0] : this.parts.flat();
  }
}
