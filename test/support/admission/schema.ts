import { ISTIO_CRDS } from '../../../src/admission/crds';

/** Where an object differs from its kind's vendored schema: unknown fields, wrong types, unknown enum values. */
export function schemaViolations(object: any): string[] {
  const { schema } = ISTIO_CRDS.find(({ kind }) => kind === object.kind)!;
  return violations((schema as any).properties.spec, object.spec, 'spec');
}

function violations(schema: any, value: any, path: string): string[] {
  if (schema.enum && !schema.enum.includes(value)) return [`${path}: ${value} is not one of ${schema.enum.join(', ')}`];
  if (schema.type === 'array') return Array.isArray(value) ? value.flatMap((item, index) => violations(schema.items, item, `${path}[${index}]`)) : [`${path}: no array`];
  if (schema.type === 'object') {
    return Object.entries(value).flatMap(([name, field]) => {
      const known = schema.properties?.[name] ?? schema.additionalProperties;
      return known ? violations(known, field, `${path}.${name}`) : [`${path}.${name}: unknown`];
    });
  }
  if (schema.type === 'integer') return Number.isInteger(value) ? [] : [`${path}: no integer`];
  return typeof value === schema.type ? [] : [`${path}: no ${schema.type}`];
}
