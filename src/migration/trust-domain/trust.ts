import { changed, FieldChange } from '../../findings/finding';
import { documentsOf } from '../../manifests/documents';
import { isMapping, Mapping, mapping, text } from '../../manifests/mapping';
import { fieldEdit, TextEdit } from '../../manifests/text-edit';
import { EffectiveMeshConfig } from '../../mesh/config/mesh-config';
import { MeshObject } from '../../mesh/inventory/object';

/** The trust domain of a mesh, and its aliases. */
export interface Trust {
  readonly trustDomain: string;
  readonly aliases: readonly string[];
}

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;

/** Whether istiod accepts a text as a trust domain. */
export function isTrustDomain(name: string): boolean {
  return name.split('.').every((label) => LABEL.test(label));
}

export function trustIn({ trustDomain, trustDomainAliases }: EffectiveMeshConfig): Trust {
  return { trustDomain, aliases: [...trustDomainAliases] };
}

/** The mesh's trust domain and its aliases. */
export function namesIn({ trustDomain, aliases }: Trust): readonly string[] {
  return [...new Set([trustDomain, ...aliases])];
}

/** The fields of a mesh config, in both spellings that istiod accepts; the YAML name takes precedence. */
const FIELDS = [['trustDomain', 'trust_domain'], ['trustDomainAliases', 'trust_domain_aliases']] as const;

/** The ConfigMap with another trust domain and aliases; the rest of its text stays as written, if it is plain YAML. */
export function withTrust({ source }: MeshObject, { trustDomain, aliases }: Trust): object {
  const data = mapping((source as Mapping).data);
  const written = text(data.mesh) ?? '';
  return { ...source, data: { ...data, mesh: edited(written, [trustDomain, aliases.length === 0 ? undefined : aliases]) } };
}

function edited(written: string, values: readonly unknown[]): string {
  const [document] = documentsOf(written);
  const value = isMapping(document?.chunk.value) ? document.chunk.value : {};
  const changes = FIELDS.flatMap(([name, protoName], index): readonly FieldChange[] => [
    ...protoName in value ? [{ op: 'remove' as const, path: [protoName] }] : [],
    ...values[index] !== undefined ? [{ op: 'set' as const, path: [name], value: values[index] }]
      : name in value ? [{ op: 'remove' as const, path: [name] }]
        : [],
  ]);
  const edit = document && fieldEdit(document.chunk, [], changes);
  return edit ? withEdit(written, edit) : `${JSON.stringify(changed(value, changes), null, 2)}\n`;
}

function withEdit(written: string, { from, to, text: replacement }: TextEdit): string {
  const lines = written.split('\n');
  const offsetOf = ({ line, column }: TextEdit['from']): number => (
    lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0) + column - 1);
  return written.slice(0, offsetOf(from)) + replacement + written.slice(offsetOf(to));
}
