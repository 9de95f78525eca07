import { ClassSet } from './class-set';
import { ClientClass } from './client-class';

/** Classes of clients that a call treats alike, and the one to decide for. */
export interface Audience {
  readonly one: ClientClass;
  readonly classes: ClassSet;
}

export function alone(one: ClientClass): Audience {
  return { one, classes: ClassSet.of([one]) };
}

/** The audience of all classes of a set; none if it is empty. */
export function together(classes: ClassSet): readonly Audience[] {
  const { one } = classes;
  return one ? [{ one, classes }] : [];
}
