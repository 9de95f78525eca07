import { Objections } from '../objections';
import { judgeChangedHeader, judgeSetRequestHeader } from '../values/header-name';
import { judgeHeaderValue } from '../values/header-value';

/** Objects to headers that a route can't set, add or remove. */
export function judgeHeaderChanges(at: Objections, headers: any): void {
  judgeOperations(at.at('request'), headers?.request, judgeSetRequestHeader);
  judgeOperations(at.at('response'), headers?.response, judgeChangedHeader);
}

function judgeOperations(at: Objections, operations: any, judgeName: (at: Objections, name: string) => void): void {
  for (const field of ['add', 'set']) {
    for (const [name, value] of Object.entries<string>(operations?.[field] ?? {})) {
      judgeName(at.at(field, name), name);
      judgeHeaderValue(at.at(field, name), value);
    }
  }
  (operations?.remove ?? []).forEach((name: string, index: number) => judgeChangedHeader(at.at('remove', index), name));
}
