import { isMapping } from '../../manifests/mapping';
import { CrdSchema, IstioKind, isAbsent, schemaOfKey, ValidationRule } from '../crds';
import { Objections } from '../objection';
import { compile, Program } from './environment';
import { plainRule, ruleText, SurelyHolds } from './rules';

/** A schema reduced to the paths that lead to rules; programs are compiled at first use. */
interface RuleNode {
  readonly schema: CrdSchema;
  readonly rules: readonly Rule[];
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly values?: RuleNode;
  readonly items?: RuleNode;
}

interface Rule {
  readonly validation: ValidationRule;
  readonly surelyHolds?: SurelyHolds;
}

const trees = new WeakMap<IstioKind, RuleNode | null>();
const programs = new Map<string, Program>();

/**
 * Rejects what the API server rejects by the CEL rules of an object's CRD (x-kubernetes-validations), each at the value
 * that it is written for. Expects what structure/ has accepted. Transition rules, which compare with an older self, don't
 * run: a new object has none.
 */
export function judgeRules(at: Objections, kind: IstioKind, object: Record<string, unknown>): void {
  const tree = treeOf(kind);
  if (tree) walk(at, object, tree);
}

function treeOf(kind: IstioKind): RuleNode | null {
  let tree = trees.get(kind);
  if (tree === undefined) {
    const spec = kind.schema.properties?.spec;
    tree = ruleNode({ type: 'object', properties: spec ? { spec } : {} }) ?? null;
    trees.set(kind, tree);
  }
  return tree;
}

function ruleNode(schema: CrdSchema): RuleNode | undefined {
  const validations = (schema['x-kubernetes-validations'] ?? []).filter(({ rule, optionalOldSelf }) => (
    !/\boldSelf\b/.test(rule) || optionalOldSelf));
  const rules = validations.map((validation) => ({ validation, surelyHolds: plainRule(validation.rule) }));
  const properties = new Map<string, RuleNode>();
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const node = ruleNode(property);
    if (node) properties.set(key, node);
  }
  const values = schema.additionalProperties && ruleNode(schema.additionalProperties);
  const items = schema.items && ruleNode(schema.items);
  return rules.length > 0 || properties.size > 0 || values || items ? { schema, rules, properties, values, items } : undefined;
}

function walk(at: Objections, value: unknown, node: RuleNode): void {
  if (node.rules.length > 0) runRules(at, value, node);
  if (Array.isArray(value)) {
    if (node.items) value.forEach((item, index) => step(at, index, item, node.items!));
  } else if (isMapping(value)) {
    for (const key of Object.keys(value)) {
      const next = node.properties.get(key) ?? node.values;
      if (next) step(at, key, value[key], next);
    }
  }
}

function step(at: Objections, key: string | number, value: unknown, node: RuleNode): void {
  if (value !== null && !isAbsent(value, node.schema)) walk(at.at(key), value, node);
}

function runRules(at: Objections, value: unknown, { rules, schema }: RuleNode): void {
  let self: unknown;
  for (const { validation: rule, surelyHolds } of rules) {
    if (surelyHolds?.(value)) continue;
    const failure = failureOf(rule, self ??= celValue(value, schema));
    if (failure === undefined) continue;
    const steps = rule.fieldPath ? rule.fieldPath.split('.').filter(Boolean) : [];
    at.at(...steps).error(ruleText(rule, value, failure));
  }
}

/** Undefined if the rule holds; else why not, empty if the rule simply evaluates to false. */
function failureOf({ rule }: ValidationRule, self: unknown): string | undefined {
  let program = programs.get(rule);
  if (!program) {
    program = compile(rule);
    programs.set(rule, program);
  }
  try {
    return program(self) === true ? undefined : '';
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

/**
 * A value as CEL sees it: integers as BigInt, without the null fields whose schema doesn't allow null. No rule can look
 * into parts without a schema, such as an EnvoyFilter's patch: they stay as they are, however deep.
 */
export function celValue(value: unknown, schema: CrdSchema | undefined): unknown {
  if (schema === undefined) return value;
  if (typeof value === 'number') return isIntegral(schema) && Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema.items));
  return isMapping(value) ? celObject(value, schema) : value;
}

function isIntegral(schema: CrdSchema | undefined): boolean {
  return schema?.type === 'integer' || schema?.['x-kubernetes-int-or-string'] === true;
}

function celObject(object: Record<string, unknown>, schema: CrdSchema | undefined): Map<string, unknown> | Record<string, unknown> {
  const isMap = schema?.properties === undefined;
  const entries: [string, unknown][] = [];
  for (const key of Object.keys(object)) {
    const value = object[key];
    const schemaOfValue = schemaOfKey(schema, key);
    if (isAbsent(value, schemaOfValue)) continue;
    entries.push([key, celValue(value, schemaOfValue)]);
  }
  return isMap ? new Map(entries) : Object.fromEntries(entries);
}
