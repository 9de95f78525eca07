import { fieldText } from './field-path';
import { Finding } from './finding';
import { refusalMessage } from './refusal';

/** What is told of an objection to an object; `path` is where its author wrote it. */
export function findingMessage(object: any, { code, field, actual, expected, because, fix }: Finding, path?: string): string {
  return refusalMessage({ code, kind: kindOf(object), name: nameOf(object), path, field: fieldText(field) || 'the document', actual, expected, because, fix });
}

/** The kind as far as the object says one. */
export function kindOf(object: any): string {
  return typeof object?.kind === 'string' && object.kind !== '' ? object.kind : 'Object';
}

/** `namespace/name` as far as the object says them. */
export function nameOf(object: any): string | undefined {
  const { namespace, name, generateName } = object?.metadata ?? {};
  const parts = [namespace, name ?? generateName].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join('/') : undefined;
}
