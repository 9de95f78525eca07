// Istio's kinds with their CRD schemas, as the library has them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const KINDS = JSON.parse(readFileSync(fileURLToPath(new URL('../../../imports/schemas.json', import.meta.url)), 'utf8')).kinds;

export const KIND_NAMES = KINDS.map(({ kind }) => kind);

export const specSchema = (name) => KINDS.find(({ kind }) => kind === name).schema.properties.spec;

/** The schema below one step: a field's, an item's, a map's value's; undefined where there is none. */
export function schemaBelow(schema, step) {
  if (schema === undefined) return undefined;
  if (typeof step === 'number') return schema.items;
  return schema.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : schema.additionalProperties;
}

/** The fields of which only one may be set, and whether one of them must be, by the schema's oneOf. */
export function alternatives(schema) {
  return [schema, ...(schema.allOf ?? [])].filter(({ oneOf }) => oneOf).map(({ oneOf }) => ({
    names: oneOf.flatMap(({ required = [] }) => required),
    optional: oneOf.some(({ not }) => not),
  }));
}

/** Fields that a rule in CEL keeps apart. */
export const EXCLUSIVE = [
  ['selector', 'workloadSelector', 'targetRef', 'targetRefs'], ['workloadSelector', 'endpoints'],
  ['credentialName', 'credentialNames', 'tlsCertificates'], ['jwks', 'jwksUri', 'jwks_uri'], ['wasm', 'lua'],
];
