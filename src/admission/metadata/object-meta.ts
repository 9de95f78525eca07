import { nearest } from '../../findings/nearest';
import { shown } from '../../findings/safe-text';
import { Objections, ObjectionText } from '../objection';

type Shape = 'string' | 'integer' | 'boolean' | 'time' | 'any' | MapShape | FieldsShape | { readonly listOf: Shape };
type MapShape = { readonly mapOf: 'string' };
type FieldsShape = { readonly fields: { readonly [name: string]: Shape } };

/** metav1.ObjectMeta, as the API server decodes it; null means absent everywhere. */
const OBJECT_META: Shape = {
  fields: {
    name: 'string',
    generateName: 'string',
    namespace: 'string',
    selfLink: 'string',
    uid: 'string',
    resourceVersion: 'string',
    generation: 'integer',
    creationTimestamp: 'time',
    deletionTimestamp: 'time',
    deletionGracePeriodSeconds: 'integer',
    labels: { mapOf: 'string' },
    annotations: { mapOf: 'string' },
    ownerReferences: {
      listOf: {
        fields: {
          apiVersion: 'string', kind: 'string', name: 'string', uid: 'string', controller: 'boolean', blockOwnerDeletion: 'boolean',
        },
      },
    },
    finalizers: { listOf: 'string' },
    managedFields: {
      listOf: {
        fields: {
          manager: 'string',
          operation: 'string',
          apiVersion: 'string',
          time: 'time',
          fieldsType: 'string',
          fieldsV1: 'any',
          subresource: 'string',
        },
      },
    },
  },
};

/** Rejects fields that ObjectMeta doesn't have, and values that it can't hold: the API server fails to decode the object. */
export function judgeObjectMeta(at: Objections, metadata: unknown): void {
  check(at, metadata, OBJECT_META);
}

function check(at: Objections, value: unknown, shape: Shape): void {
  if (value === null || value === undefined || shape === 'any') return;
  if (typeof shape === 'string') {
    if (!isScalar(value, shape)) at.error(wrongType(value, SCALARS[shape]));
  } else if ('listOf' in shape) {
    if (!Array.isArray(value)) return at.error(wrongType(value, 'a list'));
    value.forEach((item, index) => check(at.at(index), item, shape.listOf));
  } else if (typeof value !== 'object' || Array.isArray(value)) {
    at.error(wrongType(value, 'a map'));
  } else {
    checkFields(at, value as Record<string, unknown>, shape);
  }
}

function checkFields(at: Objections, object: Record<string, unknown>, shape: MapShape | FieldsShape): void {
  for (const key of Object.keys(object)) {
    const item = object[key];
    if ('mapOf' in shape) {
      if (item !== null && typeof item !== 'string') at.at(key).error(notText(item));
    } else if (Object.hasOwn(shape.fields, key)) {
      const field = shape.fields[key];
      if (typeof field !== 'string' || !isScalar(item, field)) check(at.at(key), item, field);
    } else {
      at.at(key).error(unknownField(key, Object.keys(shape.fields)));
    }
  }
}

const SCALARS = {
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
  time: 'a time such as \'2024-05-01T12:00:00Z\'',
};

function isScalar(value: unknown, type: keyof typeof SCALARS | 'any'): boolean {
  if (type === 'integer') return Number.isInteger(value) && Math.abs(value as number) < 2 ** 63;
  if (type === 'time') return typeof value === 'string' && isTime(value);
  return typeof value === type;
}

function isTime(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)([.,]\d+)?(Z|[+-]([01]\d|2[0-4]):[0-5]\d)$/.exec(text);
  if (!match) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
}

function wrongType(value: unknown, expected: string): ObjectionText {
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  return {
    code: 'ADMIT500',
    actual: shown(value),
    expected,
    because: 'the API server can\'t decode the object otherwise',
    fix: scalar && expected === SCALARS.string ? `quote it: '${value}'` : `write ${expected}, or leave the field out`,
  };
}

function unknownField(name: string, known: readonly string[]): ObjectionText {
  const meant = name.length <= 100 ? nearest(name, known) : undefined;
  return {
    code: 'ADMIT501',
    actual: 'an unknown field',
    expected: `one of ${known.join(', ')}`,
    because: 'the API server rejects unknown fields',
    fix: meant ? `rename it to '${meant}'` : 'remove it, or move it where it belongs',
  };
}

/** A label or annotation that YAML reads as another type than string. */
export function notText(value: unknown): ObjectionText {
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  return {
    code: 'ADMIT506',
    actual: scalar ? `the ${typeof value} ${shown(value)}` : shown(value),
    expected: 'a string',
    because: 'labels and annotations are strings, and YAML reads true, yes, on, 1 and so on as other types',
    fix: scalar ? `quote it: '${value}'` : 'write a string in quotes',
  };
}
