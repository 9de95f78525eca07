// The places of an object's spec, each with its schema.
import { schemaBelow, specSchema } from './kinds';
import type { CrdSchema } from '../../../src/admission/crds';
import type { Fields } from '../../manifest';

/** A value in an object, which is at `holder[key]`, and its schema. */
export interface Place {
  /** The mapping or list that holds it. */
  readonly holder: any;
  readonly key: any;
  readonly value: any;
  readonly schema: CrdSchema;
  readonly holderSchema?: CrdSchema;
}

/** Every value below `spec`, spec itself first. */
export function placesOf(object: Fields): Place[] {
  const places: Place[] = [];
  add(object, 'spec', specSchema(object.kind), undefined, places);
  return places;
}

function add(holder: any, key: string | number, schema: CrdSchema | undefined, holderSchema: CrdSchema | undefined, places: Place[]): void {
  const value = holder[key];
  if (value === undefined || schema === undefined) return;
  places.push({ holder, key, value, schema, holderSchema });
  if (Array.isArray(value)) value.forEach((_, index) => add(value, index, schemaBelow(schema, index), schema, places));
  else if (isMap(value)) Object.keys(value).forEach((name) => add(value, name, schemaBelow(schema, name), schema, places));
}

export const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

export function remove({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(key, 1);
  else delete holder[key];
}
