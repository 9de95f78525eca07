import { yamlDocument } from './yaml-text';
import { redacted } from '../findings/safe-text';
import { plain } from '../mesh/compare/object-changes';
import { mapping } from '../mesh/inventory/mapping';
import { MeshObject } from '../mesh/inventory/object';

/** An object as a document to apply; undefined: it holds what may be a key, and is left to whoever has it. */
export function manifestText({ source, namespace }: MeshObject): string | undefined {
  const { apiVersion, kind, metadata, ...rest } = plain(source);
  const { annotations, ...names } = mapping(metadata);
  const noted = Object.keys(mapping(annotations)).length > 0 ? { annotations } : {};
  const text = JSON.stringify(source);
  if (redacted(text) !== text) return undefined;
  return yamlDocument({ apiVersion, kind, metadata: { ...namespace !== '' && { namespace }, ...names, ...noted }, ...rest });
}
