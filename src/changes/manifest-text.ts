import { yamlDocument } from './yaml-text';
import { redacted } from '../findings/safe-text';
import { plain } from '../mesh/compare/object-changes';
import { mapping } from '../mesh/inventory/mapping';
import { MeshObject } from '../mesh/inventory/object';

/** Whether a manifest holds what may be a key: then it is left to whoever has it. */
export function mayHoldKey({ source }: MeshObject): boolean {
  const text = JSON.stringify(source);
  return redacted(text) !== text;
}

/** An object as a document to apply, as somebody would write it. */
export function manifestText({ source, namespace }: MeshObject, marks: Readonly<Record<string, string>> = {}): string {
  const { apiVersion, kind, metadata, ...rest } = plain(source);
  const { annotations, ...names } = mapping(metadata);
  const noted = { ...mapping(annotations), ...marks };
  const kept = Object.keys(noted).length > 0 ? { annotations: noted } : {};
  return yamlDocument({ apiVersion, kind, metadata: { ...namespace !== '' && { namespace }, ...names, ...kept }, ...rest });
}
