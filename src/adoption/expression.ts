import { isMapping } from '../manifests/mapping';

/** An expression of a program: a value of JSON in which there may be names and calls. */
export type Expression = null | boolean | number | string | Name | CallExpression | readonly Expression[] | FieldExpressions;

/** Fields without a value aren't written. */
export interface FieldExpressions {
  readonly [field: string]: Expression | undefined;
}

/** What a program finds by a name: `shop`, `MtlsMode.STRICT`. */
export class Name {
  public constructor(public readonly path: string) {}
}

/** A call of a function, of a method, or of a constructor. */
export class CallExpression {
  public static of(path: string, ...args: readonly (Expression | undefined)[]): CallExpression {
    return new CallExpression(path, args.filter((arg) => arg !== undefined), false);
  }

  /** A call of a method of what another call returns. */
  public static chained(owner: CallExpression, method: string, ...args: readonly (Expression | undefined)[]): CallExpression {
    return new CallExpression(method, args.filter((arg) => arg !== undefined), false, owner);
  }

  /** `new …` */
  public static create(path: string, ...args: readonly (Expression | undefined)[]): CallExpression {
    return new CallExpression(path, args.filter((arg) => arg !== undefined), true);
  }

  private constructor(
    public readonly path: string, public readonly args: readonly Expression[], public readonly isNew: boolean,
    public readonly owner?: CallExpression,
  ) {}
}

/** Fields of which at least one has a value; with none, nobody need write them. */
export function options(fields: FieldExpressions): FieldExpressions | undefined {
  return Object.values(fields).every((value) => value === undefined) ? undefined : fields;
}

export function isFields(expression: Expression | undefined): expression is FieldExpressions {
  return isMapping(expression) && !(expression instanceof Name) && !(expression instanceof CallExpression);
}

/** The value of an expression, by what the names in it stand for. */
export function evaluate(expression: Expression, names: ReadonlyMap<string, unknown>): unknown {
  if (expression instanceof Name) return found(expression.path, names).value;
  if (expression instanceof CallExpression) {
    const { owner, value } = expression.owner ? methodOf(expression, names) : found(expression.path, names);
    const args = expression.args.map((arg) => evaluate(arg, names));
    return expression.isNew ? Reflect.construct(value as new () => unknown, args) : Reflect.apply(value as () => unknown, owner, args);
  }
  if (Array.isArray(expression)) return expression.map((item: Expression) => evaluate(item, names));
  if (!isFields(expression)) return expression;
  const fields = Object.entries(expression).filter((entry): entry is [string, Expression] => entry[1] !== undefined);
  return Object.fromEntries(fields.map(([field, value]) => [field, evaluate(value, names)]));
}

function methodOf({ owner, path }: CallExpression, names: ReadonlyMap<string, unknown>): FoundValue {
  const value = evaluate(owner!, names);
  return { owner: value, value: (value as Record<string, unknown>)[path] };
}

/** A value, and what it is a member of. */
interface FoundValue {
  readonly owner?: unknown;
  readonly value: unknown;
}

function found(path: string, names: ReadonlyMap<string, unknown>): FoundValue {
  const [first, ...members] = path.replaceAll('!', '').replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  if (!names.has(first)) throw new Error(`nothing is called ${first}`);
  const begin: { owner?: unknown; value: unknown } = { value: names.get(first) };
  return members.reduce(({ value }, member) => ({ owner: value, value: (value as Record<string, unknown>)[member] }), begin);
}

/** The first parts of all names in an expression. */
export function namesInExpression(expression: Expression | undefined): readonly string[] {
  if (expression instanceof Name) return [expression.path.split('.')[0]];
  if (expression instanceof CallExpression) {
    const { owner, path, args } = expression;
    return [...owner ? namesInExpression(owner) : [path.split('.')[0]], ...args.flatMap(namesInExpression)];
  }
  if (Array.isArray(expression)) return expression.flatMap(namesInExpression);
  return isFields(expression) ? Object.values(expression).flatMap(namesInExpression) : [];
}
