import { isBefore } from '../../manifests/istio-minor';
import { isMapping } from '../../manifests/mapping';
import { CrdSchema, IstioKind, isAbsent, schemaOfKey } from '../crds';
import { mayHoldNulls } from '../nulls';
import { Objections } from '../objection';
import { MODELLED, Release } from '../release';
import { checkAlternatives, checkNumber, checkSize, checkString, checkUnique, typeOf, wrongType, wrongWord } from './constraints';
import { newerField, newerKind, newerValue, unknownField } from './unknown-field';

/** Read elsewhere: kind and apiVersion by kinds.ts, metadata by metadata/. */
const TYPE_AND_METADATA = ['apiVersion', 'kind', 'metadata'];

/**
 * Rejects what an API server rejects in the structure of an object of a known kind: its CRD's schema, closed, so that
 * unknown fields are errors (strict field validation). The API server drops the status of a new object, so of the status
 * only unknown fields are rejected. Of a field that the release doesn't have yet it warns, and doesn't look into it, since it is dropped;
 * of a kind or a value, it warns.
 */
export function judgeStructure(at: Objections, kind: IstioKind, object: Record<string, unknown>, release: Release = MODELLED): void {
  const { 'x-istio-since': since } = kind.schema;
  if (since !== undefined && isBefore(release.minor, since)) at.at('kind').warning(newerKind(kind.kind, since, release));
  for (const key of Object.keys(object)) {
    if (TYPE_AND_METADATA.includes(key) || object[key] === undefined) continue;
    checkField(at.at(key), { kind, release }, key, object[key]);
  }
  for (const key of kind.schema.required ?? []) {
    if (isMissing(object, key)) at.at(key).error(missingSpec(kind));
  }
}

/** What an object is checked against. */
interface Reference {
  readonly kind: IstioKind;
  readonly release: Release;
}

function checkField(at: Objections, reference: Reference, key: string, value: unknown): void {
  const { kind: { schema: { properties = {} } } } = reference;
  if (!Object.hasOwn(properties, key)) {
    const siblings = [...TYPE_AND_METADATA, ...Object.keys(properties)];
    at.error(unknownField({ ...reference, field: at.field, value, siblings }));
  } else if (key === 'status') {
    checkStatus(at, reference, value, properties[key]);
  } else if (value !== null) {
    new Walk(reference).check(at, admittedValue(value, properties[key]), properties[key]);
  }
}

function isMissing(object: Record<string, unknown>, key: string): boolean {
  return !Object.hasOwn(object, key) || object[key] === null || object[key] === undefined;
}

function missingSpec(kind: IstioKind) {
  const fields = Object.keys(kind.schema.properties?.spec?.properties ?? {}).join(', ');
  return {
    code: 'ADMIT203',
    actual: 'missing',
    expected: `the ${kind.kind}'s fields: ${fields}`,
    because: 'the API server requires it',
    fix: 'add spec',
  };
}

/** Rejects only unknown fields: the API server drops the status of a new object. */
function checkStatus(at: Objections, reference: Reference, status: unknown, schema: CrdSchema): void {
  if (!isMapping(status)) return;
  new Walk(reference, { unknownFieldsOnly: true }).check(at, admittedValue(status, schema), schema);
}

/**
 * Walks an object along its schema, in the order of the API server. It goes as deep as the schema, however deep the object
 * is.
 */
class Walk {
  public constructor(
    private readonly reference: Reference,
    private readonly options: { readonly unknownFieldsOnly?: boolean } = {},
  ) {}

  /** Checks a present value: the caller has left out nulls that count as absent, with `admittedValue`. */
  public check(at: Objections, value: unknown, schema: CrdSchema): void {
    const { 'x-istio-since': since } = schema;
    if (since !== undefined && isBefore(this.reference.release.minor, since)) return at.warning(newerField(since, this.reference.release));
    if (this.options.unknownFieldsOnly) return this.checkParts(at, value, schema);
    const type = typeOf(value);
    if (type === 'null' && schema.nullable && !schema.enum) return;
    const objection = wrongType(type, value, schema) ?? wrongWord(value, schema);
    if (objection) return at.error(objection);
    if (typeof value === 'string') this.checkText(at, value, schema);
    else if (typeof value === 'number') checkNumber(at, value, schema);
    else this.checkContainer(at, value, schema);
  }

  private checkText(at: Objections, value: string, schema: CrdSchema): void {
    const since = schema['x-istio-values-since']?.[value];
    if (since !== undefined && isBefore(this.reference.release.minor, since)) at.warning(newerValue(value, since, this.reference.release));
    checkString(at, value, schema);
  }

  private checkContainer(at: Objections, value: unknown, schema: CrdSchema): void {
    checkSize(at, value, schema);
    if (schema.oneOf || schema.allOf || schema.anyOf || schema.not) checkAlternatives(at, value, schema);
    this.checkParts(at, value, schema);
    if (Array.isArray(value) && schema['x-kubernetes-list-type']) checkUnique(at, value, schema);
  }

  private checkParts(at: Objections, value: unknown, schema: CrdSchema): void {
    if (Array.isArray(value)) this.checkItems(at, value, schema);
    else if (isMapping(value)) this.checkFields(at, value, schema);
  }

  private checkItems(at: Objections, items: readonly unknown[], schema: CrdSchema): void {
    if (!schema.items) return;
    for (let index = 0; index < items.length; index++) this.check(at.at(index), items[index], schema.items);
  }

  private checkFields(at: Objections, object: Record<string, unknown>, schema: CrdSchema): void {
    const { properties, additionalProperties } = schema;
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (properties && Object.hasOwn(properties, key)) this.check(at.at(key), value, properties[key]);
      else if (additionalProperties) this.check(at.at(key), value, additionalProperties);
      else if (!schema['x-kubernetes-preserve-unknown-fields']) this.refuseField(at.at(key), value, schema);
    }
    if (!schema.required || this.options.unknownFieldsOnly) return;
    for (const key of schema.required) {
      if (!Object.hasOwn(object, key)) this.requireField(at.at(key), key, schema);
    }
  }

  private refuseField(at: Objections, value: unknown, schema: CrdSchema): void {
    const siblings = Object.keys(schema.properties ?? {});
    at.error(unknownField({ ...this.reference, field: at.field, value, siblings }));
  }

  private requireField(at: Objections, key: string, schema: CrdSchema): void {
    const { type, enum: words } = schema.properties?.[key] ?? {};
    at.error({
      code: 'ADMIT203',
      actual: 'missing',
      expected: words ? `one of ${words.join(', ')}` : `a value of type ${type}`,
      because: 'the field is required',
      fix: `add ${key}`,
    });
  }
}

/**
 * The value as the API server uses it: without the null fields whose schema doesn't allow null (list items stay). The very
 * same value if there is nothing to drop.
 */
function admittedValue(value: unknown, schema: CrdSchema | undefined): unknown {
  return mayHoldNulls(value) ? withoutInvalidNulls(value, schema) : value;
}

function withoutInvalidNulls(value: unknown, schema: CrdSchema | undefined): unknown {
  if (schema === undefined || typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? itemsWithoutNulls(value, schema.items) : isMapping(value) ? fieldsWithoutNulls(value, schema) : value;
}

function itemsWithoutNulls(items: readonly unknown[], schema: CrdSchema | undefined): readonly unknown[] {
  let copy: unknown[] | undefined;
  items.forEach((item, index) => {
    const kept = withoutInvalidNulls(item, schema);
    if (kept === item) return;
    copy ??= [...items];
    copy[index] = kept;
  });
  return copy ?? items;
}

function fieldsWithoutNulls(object: Record<string, unknown>, schema: CrdSchema): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key];
    const schemaOfValue = schemaOfKey(schema, key);
    const dropped = isAbsent(value, schemaOfValue);
    const kept = dropped ? undefined : withoutInvalidNulls(value, schemaOfValue);
    if (kept === value && !dropped) continue;
    copy ??= { ...object };
    if (dropped) delete copy[key];
    else copy[key] = kept;
  }
  return copy ?? object;
}
