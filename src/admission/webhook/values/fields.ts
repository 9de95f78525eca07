import { Objections } from '../../objection';

/** What judges a value at its place. */
type Judge<Value> = (at: Objections, value: Value) => void;

/** What judges the fields of a message, each at its place, in this order. */
export type FieldJudges<Message> = { readonly [field in keyof Message]?: Judge<Message[field]> };

/** Judges the fields of a message that the table names, missing ones too; nothing where there is no message. */
export function judgeFields<Message extends object>(at: Objections, message: Message | undefined, judges: FieldJudges<Message>): void {
  if (message === undefined) return;
  for (const field of Object.keys(judges) as (string & keyof Message)[]) judges[field]?.(at.at(field), message[field]);
}

/** Judges each item of a list, or of none. */
export function each<Item>(judge: Judge<Item>): Judge<readonly Item[] | undefined> {
  return (at, items) => items?.forEach((item, index) => judge(at.at(index), item));
}
