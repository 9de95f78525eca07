import { CrdSchema, isJsonObject } from '../crd-schema';
import { IstioKind } from '../istio-kinds';
import { Report } from '../report';
import { checkAlternatives } from './alternatives';
import { checkNumber, checkSize, checkString, checkUnique } from './limits';
import { typeOf, wrongType, wrongWord } from './types';
import { unknownField } from './unknown-field';

/**
 * A walk through an object along its schema, in the order of the API server. It goes as deep as the schema, however
 * deep the object is.
 */
export class Walk {
  public constructor(
    private readonly kind: IstioKind,
    private readonly report: Report,
    private readonly options: { readonly unknownFieldsOnly?: boolean } = {},
  ) {}

  /** Checks a value that is there: the caller has left out nulls that count as absence, see nulls.ts. */
  public check(value: unknown, schema: CrdSchema): void {
    if (this.options.unknownFieldsOnly) return this.checkParts(value, schema);
    const type = typeOf(value);
    if (type === 'null' && schema.nullable && !schema.enum) return;
    const objection = wrongType(type, value, schema) ?? wrongWord(value, schema);
    if (objection) return this.report.error(objection);
    if (typeof value === 'string') checkString(value, schema, this.report);
    else if (typeof value === 'number') checkNumber(value, schema, this.report);
    else this.checkContainer(value, schema);
  }

  private checkContainer(value: unknown, schema: CrdSchema): void {
    checkSize(value, schema, this.report);
    if (schema.oneOf || schema.allOf || schema.anyOf || schema.not) checkAlternatives(value, schema, this.report);
    this.checkParts(value, schema);
    if (Array.isArray(value) && schema['x-kubernetes-list-type']) checkUnique(value, schema, this.report);
  }

  private checkParts(value: unknown, schema: CrdSchema): void {
    if (Array.isArray(value)) this.checkItems(value, schema);
    else if (isJsonObject(value)) this.checkFields(value, schema);
  }

  private checkItems(items: readonly unknown[], schema: CrdSchema): void {
    if (!schema.items) return;
    for (let index = 0; index < items.length; index++) this.checkAt(index, items[index], schema.items);
  }

  private checkFields(object: Record<string, unknown>, schema: CrdSchema): void {
    const { properties, additionalProperties } = schema;
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (properties && Object.hasOwn(properties, key)) this.checkAt(key, value, properties[key]);
      else if (additionalProperties) this.checkAt(key, value, additionalProperties);
      else if (!schema['x-kubernetes-preserve-unknown-fields']) this.refuseField(key, value, schema);
    }
    if (!schema.required || this.options.unknownFieldsOnly) return;
    for (const key of schema.required) {
      if (!Object.hasOwn(object, key)) this.requireField(key, schema);
    }
  }

  private checkAt(step: string | number, value: unknown, schema: CrdSchema): void {
    this.report.enter(step);
    this.check(value, schema);
    this.report.leave();
  }

  private refuseField(key: string, value: unknown, schema: CrdSchema): void {
    const siblings = Object.keys(schema.properties ?? {});
    this.report.at(key, () => this.report.error(unknownField({ kind: this.kind, field: this.report.field, value, siblings })));
  }

  private requireField(key: string, schema: CrdSchema): void {
    const { type, enum: words } = schema.properties?.[key] ?? {};
    this.report.at(key, () => this.report.error({
      code: 'ADMIT203',
      actual: 'missing',
      expected: words ? `one of ${words.join(', ')}` : `a value of type ${type}`,
      because: 'the field is required',
      fix: `add ${key}`,
    }));
  }
}
