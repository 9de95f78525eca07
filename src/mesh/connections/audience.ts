import { ClientClass } from './client-class';

/** Classes of clients that a call treats alike, and the one to decide for. */
export interface Audience {
  readonly one: ClientClass;
  readonly classes: ReadonlySet<ClientClass>;
}

export function alone(one: ClientClass): Audience {
  return { one, classes: new Set([one]) };
}
