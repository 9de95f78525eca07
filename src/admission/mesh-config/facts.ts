import * as generated from '../../../imports/mesh-config.json';

/** What a value of a field is in YAML, after Google's wrappers are taken off. */
export type FieldType = 'bool' | 'string' | 'double' | 'float' | 'int32' | 'int64' | 'uint32' | 'uint64' | 'duration' | 'struct' | 'message' | 'enum';

export interface FieldFacts {
  /** The field's name in the .proto file where it differs: istiod reads that one too. */
  readonly proto?: string;
  readonly type: FieldType;
  /** Full name of the message or enum. */
  readonly of?: string;
  readonly list?: boolean;
  /** A map from strings. */
  readonly map?: boolean;
  /** Of all fields of one `oneof`, one can be set. */
  readonly oneof?: string;
}

export interface MessageFacts {
  /** By the name that YAML should use. */
  readonly fields: Readonly<Record<string, FieldFacts>>;
  /** Names that former versions of Istio had. */
  readonly removed?: readonly string[];
}

/** What istiod can read of a mesh config; `npm run import` makes it from istio.io/api. */
export interface MeshConfigFacts {
  readonly source: string;
  /** Name of the message that a mesh config is. */
  readonly root: string;
  readonly messages: Readonly<Record<string, MessageFacts>>;
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const MESH_CONFIG: MeshConfigFacts = generated as unknown as MeshConfigFacts;

/** A key's field, whichever of its two names it is written by; undefined for an unknown key. */
export function fieldOf({ fields }: MessageFacts, key: string): [name: string, field: FieldFacts] | undefined {
  if (Object.hasOwn(fields, key)) return [key, fields[key]];
  return Object.entries(fields).find(([, { proto }]) => proto === key);
}
