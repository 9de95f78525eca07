import { CrdSchema, isJsonObject } from '../crd-schema';
import { IstioKind } from '../istio-kinds';
import { Objection } from '../objection';
import { Report } from '../report';
import { withoutNulls } from './nulls';
import { unknownField } from './unknown-field';
import { Walk } from './walk';

/** Read elsewhere: kind and apiVersion by kinds/, metadata by metadata/. */
const TYPE_AND_METADATA = ['apiVersion', 'kind', 'metadata'];

/**
 * What an API server has against the structure of an object of a known kind: its CRD's schema, closed, so that
 * unknown fields are errors (strict field validation). An object that is created loses its status, so of that only
 * unknown fields are refused.
 */
export function structureObjections(kind: IstioKind, object: Record<string, unknown>): Objection[] {
  const report = new Report();
  for (const key of Object.keys(object)) {
    if (TYPE_AND_METADATA.includes(key) || object[key] === undefined) continue;
    report.at(key, () => checkField(kind, key, object[key], report));
  }
  for (const key of kind.schema.required ?? []) {
    if (isMissing(object, key)) report.at(key, () => report.error(missingSpec(kind)));
  }
  return report.objections;
}

function checkField(kind: IstioKind, key: string, value: unknown, report: Report): void {
  const { properties = {} } = kind.schema;
  if (!Object.hasOwn(properties, key)) {
    const siblings = [...TYPE_AND_METADATA, ...Object.keys(properties)];
    report.error(unknownField({ kind, field: report.field, value, siblings }));
  } else if (key === 'status') {
    checkStatus(kind, value, properties[key], report);
  } else if (value !== null) {
    new Walk(kind, report).check(withoutNulls(value, properties[key]), properties[key]);
  }
}

function isMissing(object: Record<string, unknown>, key: string): boolean {
  return !Object.hasOwn(object, key) || object[key] === null || object[key] === undefined;
}

function missingSpec(kind: IstioKind) {
  const fields = Object.keys(kind.schema.properties?.spec?.properties ?? {}).join(', ');
  return { code: 'ADMIT203', actual: 'missing', expected: `the ${kind.kind}'s fields: ${fields}`, because: 'the API server requires it', fix: 'add spec' };
}

/** Unknown fields only, see above. */
function checkStatus(kind: IstioKind, status: unknown, schema: CrdSchema, report: Report): void {
  if (!isJsonObject(status)) return;
  new Walk(kind, report, { unknownFieldsOnly: true }).check(withoutNulls(status, schema), schema);
}
