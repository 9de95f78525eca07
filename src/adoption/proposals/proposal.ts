import { mapping } from '../../manifests/mapping';
import { CallExpression, Expression, FieldExpressions, Name } from '../expression';

/** A construct that may write an object: whether it does is tried. */
export interface Proposal {
  /** The name of its class. */
  readonly construct: string;
  readonly props?: FieldExpressions;
  /** Whether the object's labels are a property. */
  readonly takesLabels?: boolean;
  /** What of it is the object, if the construct itself isn't; as an expression has it behind the construct. */
  readonly member?: string;
  /** The object whose construct has it as a child, with this id; if no line of its own makes it. */
  readonly child?: { readonly of: number; readonly id: string };
  /** How annotations begin that the construct writes by itself. */
  readonly ownAnnotations?: string;
}

/** What constructs go by that is in no object of theirs. */
export interface AdoptedMesh {
  /** istiod's own namespace. */
  readonly namespace: string;
  readonly rootNamespace: string;
  readonly trustDomain: string;
  readonly clusterDomain: string;
}

/** The member of an enum that has a value; undefined: none has. */
export function member(enumName: string, members: Readonly<Record<string, string>>, value: unknown): Name | undefined {
  const found = Object.keys(members).find((name) => members[name] === value);
  return found === undefined ? undefined : new Name(`${enumName}.${found}`);
}

const UNITS: Readonly<Record<string, readonly [method: string, milliseconds: number]>> = {
  ms: ['millis', 1], s: ['seconds', 1000], m: ['minutes', 60_000], h: ['hours', 3_600_000], d: ['days', 86_400_000],
};

/** A duration such as `10s`, `1.5h` or `14d`; undefined: it is none, or none in one unit and whole milliseconds. */
export function duration(value: unknown): CallExpression | undefined {
  const [, number, unit] = /^(\d{1,12}(?:\.\d{1,9})?)(ms|s|m|h|d)$/.exec(stringOf(value) ?? '') ?? [];
  if (number === undefined) return undefined;
  const [method, milliseconds] = UNITS[unit];
  if (Number.isInteger(Number(number))) return CallExpression.of(`Duration.${method}`, Number(number));
  const whole = Math.round(Number(number) * milliseconds);
  return Math.abs(whole - Number(number) * milliseconds) < 1e-6 ? CallExpression.of('Duration.millis', whole) : undefined;
}

/** The list of texts that a value is; undefined: it is none. */
export function textList(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}

/** The texts by texts that a value is; undefined: it is something else. */
export function textMap(value: unknown): { readonly [key: string]: string } | undefined {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
    && Object.values(value).every((one) => typeof one === 'string');
  return isMap ? value as { [key: string]: string } : undefined;
}

/** The pods that a selector selects; undefined: it selects by no labels. */
export function podSelection(selector: unknown): CallExpression | undefined {
  const labels = textMap(mapping(selector).matchLabels);
  return labels && CallExpression.of('Pods.withLabels', labels);
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** What is another value than the usual one, which need not be written. */
export function unless<T extends Expression>(usual: T, value: T | undefined): T | undefined {
  return value === usual ? undefined : value;
}
