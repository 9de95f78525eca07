import { redacted } from '../findings/safe-text';
import { mapping } from '../manifests/mapping';
import { yamlDocument } from '../manifests/yaml-text';
import { plain } from '../mesh/compare/object-changes';
import { MeshObject, readObject } from '../mesh/inventory/object';

/** Whether a manifest may hold a key: then it isn't printed. */
export function mayHoldKey({ source }: MeshObject): boolean {
  const text = JSON.stringify(source);
  return redacted(text) !== text;
}

/** An object as a YAML document to apply, without what servers add. */
export function manifestText({ source, namespace }: MeshObject, marks: Readonly<Record<string, string>> = {}): string {
  const { apiVersion, kind, metadata, ...rest } = plain(source);
  const { annotations, ...names } = mapping(metadata);
  const noted = { ...mapping(annotations), ...marks };
  const kept = Object.keys(noted).length > 0 ? { annotations: noted } : {};
  return yamlDocument({ apiVersion, kind, metadata: { ...namespace !== '' && { namespace }, ...names, ...kept }, ...rest });
}

/** The same for an unparsed manifest; undefined if there is none, or if it may hold a key. */
export function manifestTextOf(manifest: object | undefined): string | undefined {
  const object = manifest && readObject(manifest);
  return object && !mayHoldKey(object) ? manifestText(object) : undefined;
}
