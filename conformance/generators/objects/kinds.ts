// Istio's kinds with their CRD schemas, as the library has them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CrdSchema, IstioKind } from '../../../src/admission/crds';

export const KINDS: readonly IstioKind[] = JSON.parse(readFileSync(join(__dirname, '../../../imports/schemas.json'), 'utf8')).kinds;

export const KIND_NAMES = KINDS.map(({ kind }) => kind);

/** The schema of a kind of Istio's. */
export function schemaOf(name: string): CrdSchema {
  const found = KINDS.find(({ kind }) => kind === name);
  if (!found) throw new Error(`no kind '${name}'; expected one of ${KIND_NAMES.join(', ')}`);
  return found.schema;
}

export const specSchema = (name: string) => schemaOf(name).properties!.spec;

/** The schema below one step: a field's, an item's, a map's value's; undefined where there is none. */
export function schemaBelow(schema: CrdSchema | undefined, step: string | number): CrdSchema | undefined {
  if (schema === undefined) return undefined;
  if (typeof step === 'number') return schema.items;
  return schema.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : schema.additionalProperties;
}

/** The fields of which only one may be set, and whether one of them must be, by the schema's oneOf. */
export function alternatives(schema: CrdSchema): { readonly names: readonly string[]; readonly optional: boolean }[] {
  return [schema, ...(schema.allOf ?? [])].flatMap(({ oneOf }) => (oneOf ? [oneOf] : [])).map((oneOf) => ({
    names: oneOf.flatMap(({ required = [] }) => required),
    optional: oneOf.some(({ not }) => not !== undefined),
  }));
}

/** Fields that a rule in CEL keeps apart. */
export const EXCLUSIVE: readonly (readonly string[])[] = [
  ['selector', 'workloadSelector', 'targetRef', 'targetRefs'], ['workloadSelector', 'endpoints'],
  ['credentialName', 'credentialNames', 'tlsCertificates'], ['jwks', 'jwksUri', 'jwks_uri'], ['wasm', 'lua'],
];
