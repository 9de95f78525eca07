import * as generated from '../../../imports/mesh-config.json';
import { parseGoDuration } from '../go-values';

/** The type of a field's value in YAML, without Google's wrapper types. */
type FieldType = 'bool' | 'string' | 'double' | 'float' | 'int32' | 'int64' | 'uint32' | 'uint64' | 'duration' | 'struct'
  | 'message' | 'enum';

export interface FieldFacts {
  /** The field's name in the .proto file if it differs; istiod accepts it as well. */
  readonly proto?: string;
  readonly type: FieldType;
  /** The full name of the message or enum. */
  readonly of?: string;
  readonly list?: boolean;
  /** A map from strings. */
  readonly map?: boolean;
  /** Only one field of a `oneof` can be set. */
  readonly oneof?: string;
}

export interface MessageFacts {
  /** By the name that YAML should use. */
  readonly fields: Readonly<Record<string, FieldFacts>>;
  /** Names in earlier versions of Istio. */
  readonly removed?: readonly string[];
}

/** The fields that istiod reads in a mesh config; `npm run import` generates it from istio.io/api. */
interface MeshConfigFacts {
  readonly source: string;
  /** The name of the mesh config's message. */
  readonly root: string;
  readonly messages: Readonly<Record<string, MessageFacts>>;
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export const MESH_CONFIG: MeshConfigFacts = generated as unknown as MeshConfigFacts;

/** A key's field, by either of its names; undefined for an unknown key. */
export function fieldOf({ fields }: MessageFacts, key: string): [name: string, field: FieldFacts] | undefined {
  if (Object.hasOwn(fields, key)) return [key, fields[key]];
  return Object.entries(fields).find(([, { proto }]) => proto === key);
}

/**
 * The same mesh config with every key under its YAML name (`trustDomain` for `trust_domain`).
 *
 * Unknown keys and values of the wrong type stay as they are. If a field has both spellings, the value of the YAML name is
 * kept, as in istiod.
 */
export function withYamlNames(config: unknown): unknown {
  return renameMessage(config, MESH_CONFIG.messages[MESH_CONFIG.root]);
}

function renameMessage(value: unknown, message: MessageFacts): unknown {
  if (!isYamlMapping(value)) return value;
  const renamed: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const [name, field] = fieldOf(message, key) ?? [key, undefined];
    if (name !== key && Object.hasOwn(value, name)) continue;
    renamed[name] = field ? renameField(child, field) : child;
  }
  return renamed;
}

function renameField(value: unknown, { type, of, list, map }: FieldFacts): unknown {
  if (type !== 'message') return value;
  const rename = (child: unknown) => renameMessage(child, MESH_CONFIG.messages[of!]);
  if (list) return Array.isArray(value) ? value.map(rename) : value;
  if (map && isYamlMapping(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, rename(child)]));
  return rename(value);
}

/** Whether a value is a YAML mapping. */
export function isYamlMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How values of a scalar type are written. */
interface Scalar {
  readonly expected: string;
  accepts(value: unknown): boolean;
  /** The fix for a value that isn't accepted. */
  fix(value: unknown): string;
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;
const JSON_INTEGER = /^-?(0|[1-9]\d*)$/;

/** istiod strips the quotes from a number before reading it, so both `8` and `"8"` are numbers. */
function integer(min: bigint, max: bigint): Scalar {
  return {
    accepts: (value) => {
      const text = typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : value;
      return typeof text === 'string' && JSON_INTEGER.test(text) && BigInt(text) >= min && BigInt(text) <= max;
    },
    expected: `a whole number from ${min} to ${max}`,
    fix: () => 'write a whole number in that range',
  };
}

const DECIMAL: Scalar = {
  accepts: (value) => typeof value === 'number'
    || (typeof value === 'string' && (JSON_NUMBER.test(value) || ['NaN', 'Infinity', '-Infinity'].includes(value))),
  expected: 'a number',
  fix: () => 'write a number',
};

export const SCALARS: Readonly<Record<Exclude<FieldType, 'message' | 'enum'>, Scalar>> = {
  bool: {
    accepts: (value) => typeof value === 'boolean',
    expected: 'true or false',
    fix: (value) => (
      typeof value === 'string' && /^(true|false)$/i.test(value) ? `write ${value.toLowerCase()} without quotes` : 'write true or false'),
  },
  string: {
    accepts: (value) => typeof value === 'string',
    expected: 'a string',
    fix: (value) => (typeof value === 'number' || typeof value === 'boolean' ? `put it in quotes: "${value}"` : 'write a string'),
  },
  duration: {
    accepts: (value) => typeof value === 'string' && parseGoDuration(value) !== undefined,
    expected: 'a duration such as "10s" or "1h30m"',
    fix: (value) => (
      typeof value === 'number' ? `name the unit: "${value}s"` : 'write numbers, each with one of the units ns, us, ms, s, m and h'),
  },
  struct: {
    accepts: (value) => typeof value === 'object' && !Array.isArray(value),
    expected: 'a mapping',
    fix: () => 'write a mapping',
  },
  double: DECIMAL,
  float: DECIMAL,
  int32: integer(-(2n ** 31n), 2n ** 31n - 1n),
  int64: integer(-(2n ** 63n), 2n ** 63n - 1n),
  uint32: integer(0n, 2n ** 32n - 1n),
  uint64: integer(0n, 2n ** 64n - 1n),
};
