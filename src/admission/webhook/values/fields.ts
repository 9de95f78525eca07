import { Objections } from '../../objection';

/** Judges a value at its position. */
type Judge<Value> = (at: Objections, value: Value) => void;

/** The judges of a message's fields, each at its position, in this order. */
export type FieldJudges<Message> = { readonly [field in keyof Message]?: Judge<Message[field]> };

/** Judges the fields of a message that the table lists, including missing ones; nothing if there is no message. */
export function judgeFields<Message extends object>(at: Objections, message: Message | undefined, judges: FieldJudges<Message>): void {
  if (message === undefined) return;
  for (const field of Object.keys(judges) as (string & keyof Message)[]) judges[field]?.(at.at(field), message[field]);
}

/** Judges each item of a list; a missing list has none. */
export function each<Item>(judge: Judge<Item>): Judge<readonly Item[] | undefined> {
  return (at, items) => items?.forEach((item, index) => judge(at.at(index), item));
}
