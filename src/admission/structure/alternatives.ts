import { CrdSchema, isJsonObject } from '../crd-schema';
import { Report } from '../report';
import { typeOf, wrongType } from './types';

/** What a CRD says by oneOf, anyOf, allOf and not; Istio says by them that only one of some fields may be set. */
export function checkAlternatives(value: unknown, schema: CrdSchema, report: Report): void {
  for (const part of schema.allOf ?? []) checkAlternatives(value, part, report);
  if (schema.oneOf) checkOneOf(value, schema.oneOf, report);
  if (schema.anyOf && !schema.anyOf.some((part) => matches(value, part))) refuse(report, 'no value that any of the allowed forms covers');
  if (schema.not && matches(value, schema.not)) refuse(report, 'a value that is excluded');
}

function checkOneOf(value: unknown, parts: readonly CrdSchema[], report: Report): void {
  const matching = parts.filter((part) => matches(value, part));
  if (matching.length === 1) return;
  const set = matching.flatMap(({ required = [] }) => required);
  if (set.length < 2) return refuse(report, 'a value that fits none, or several, of the allowed forms');
  const all = parts.flatMap(({ required = [] }) => required);
  report.error({
    code: 'ADMIT210',
    actual: `an object with ${set.join(' and ')}`,
    expected: `only one of ${all.join(', ')}`,
    because: 'they exclude each other',
    fix: `keep one and remove ${set.length === 2 ? 'the other' : 'the others'}`,
  });
}

function refuse(report: Report, actual: string): void {
  report.error({ code: 'ADMIT211', actual, expected: 'what the CRD allows', fix: 'compare it with the kind\'s reference' });
}

/** Whether a value fits a part of a oneOf, anyOf, allOf or not: structural schemas keep little else in there. */
function matches(value: unknown, schema: CrdSchema): boolean {
  if (wrongType(typeOf(value), value, schema)) return false;
  if (isJsonObject(value) && schema.required?.some((key) => !Object.hasOwn(value, key))) return false;
  if (schema.not && matches(value, schema.not)) return false;
  if (schema.anyOf && !schema.anyOf.some((part) => matches(value, part))) return false;
  if (schema.allOf && !schema.allOf.every((part) => matches(value, part))) return false;
  return schema.oneOf === undefined || schema.oneOf.filter((part) => matches(value, part)).length === 1;
}
