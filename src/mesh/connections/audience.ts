import { Sender } from './sender';
import { SenderSet } from './sender-set';

/** Classes of clients that a call treats alike, and the one to decide for. */
export interface Audience {
  readonly one: Sender;
  readonly senders: SenderSet;
}

export function alone(one: Sender): Audience {
  return { one, senders: SenderSet.of([one]) };
}

/** The audience of all senders of a set; none if it is empty. */
export function together(senders: SenderSet): readonly Audience[] {
  const { one } = senders;
  return one ? [{ one, senders }] : [];
}
