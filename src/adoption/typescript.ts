import { CallExpression, Expression, FieldExpressions, isFields, Name } from './expression';
import { printableJson } from '../findings/safe-text';

/** How long a line may become; no longer one than what can't be broken. */
const WIDTH = 120;

const STEP = '  ';

/** From how many lines on a text is written line by line. */
const MANY_LINES = 3;

/**
 * An expression as TypeScript, in one line if it fits behind what is before it.
 *
 * @param before how many characters are before it in its line, after the indentation, and behind it
 */
export function typeScript(expression: Expression, before = 0, indent = ''): string {
  const line = inLine(expression);
  if (line !== undefined && indent.length + before + line.length <= WIDTH) return line;
  if (expression instanceof CallExpression) return callText(expression, indent);
  if (typeof expression === 'string') return textLines(expression, indent);
  if (Array.isArray(expression)) return block('[', expression.map((item: Expression) => typeScript(item, 1, indent + STEP)), ']', indent);
  if (isFields(expression)) return fieldsText(expression, indent);
  return line!;
}

/** The same in one line; undefined: a text in it has many lines. */
function inLine(expression: Expression): string | undefined {
  if (expression instanceof Name) return expression.path;
  if (expression instanceof CallExpression) return callInLine(expression);
  if (typeof expression === 'string') return expression.split('\n').length > MANY_LINES ? undefined : textLiteral(expression);
  if (Array.isArray(expression)) return joined(expression.map(inLine), '[', ']', '');
  if (!isFields(expression)) return JSON.stringify(expression);
  return joined(definedFields(expression).map(([key, value]) => {
    const text = inLine(value);
    return text === undefined ? undefined : `${keyText(key)}: ${text}`;
  }), '{', '}', ' ');
}

function callInLine(call: CallExpression): string | undefined {
  const args = joined(call.args.map(inLine), `${calleeText(call)}(`, ')', '');
  if (!call.owner) return args;
  const owner = inLine(call.owner);
  return owner === undefined || args === undefined ? undefined : owner + args;
}

function joined(texts: readonly (string | undefined)[], open: string, close: string, space: string): string | undefined {
  if (texts.length === 0) return open + close;
  return texts.includes(undefined) ? undefined : `${open}${space}${texts.join(', ')}${space}${close}`;
}

/** The last argument alone is broken, which has the most to say; calls stand below each other, as do those of a chain. */
function callText(call: CallExpression, indent: string): string {
  if (call.owner) {
    const [inner, callee] = [indent + STEP, calleeText(call)];
    const text = callInLine(CallExpression.of(callee, ...call.args));
    const isShort = text !== undefined && inner.length + text.length < WIDTH;
    const begin = call.owner.owner ? callText(call.owner, indent) : typeScript(call.owner, 0, indent);
    return `${begin}\n${inner}${isShort ? text : callText(CallExpression.of(callee, ...call.args), inner)}`;
  }
  const rest = [...call.args];
  if (rest.length > 1 && rest.every((arg) => arg instanceof CallExpression)) {
    return block(`${calleeText(call)}(`, rest.map((arg) => typeScript(arg, 1, indent + STEP)), ')', indent);
  }
  const last = rest.pop();
  if (last === undefined) return `${calleeText(call)}()`;
  const head = `${calleeText(call)}(${rest.map((arg) => `${typeScript(arg, 0, indent)}, `).join('')}`;
  return `${head}${typeScript(last, head.length + 2, indent)})`;
}

function calleeText({ path, isNew, owner }: CallExpression): string {
  return `${isNew ? 'new ' : ''}${owner ? '.' : ''}${path}`;
}

function fieldsText(fields: FieldExpressions, indent: string): string {
  const inner = indent + STEP;
  const texts = definedFields(fields).map(([key, value]) => `${keyText(key)}: ${typeScript(value, keyText(key).length + 3, inner)}`);
  return block('{', texts, '}', indent);
}

function definedFields(fields: FieldExpressions): readonly (readonly [string, Expression])[] {
  return Object.entries(fields).filter((entry): entry is [string, Expression] => entry[1] !== undefined);
}

function block(open: string, texts: readonly string[], close: string, indent: string): string {
  return `${open}\n${texts.map((text) => `${indent}${STEP}${text},\n`).join('')}${indent}${close}`;
}

function textLines(text: string, indent: string): string {
  const lines = text.split('\n');
  return lines.length > MANY_LINES ? `${block('[', lines.map(textLiteral), ']', indent)}.join('\\n')` : textLiteral(text);
}

/** A text between single quotes, in one line, whatever it holds: it commands neither terminals nor CI runners. */
function textLiteral(text: string): string {
  const escaped = printableJson(JSON.stringify(text)).slice(1, -1);
  return `'${escaped.replaceAll('\\"', '"').replaceAll('\'', '\\\'')}'`;
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : textLiteral(key);
}

/** Words that are no names of variables, or that a reader takes for something else. */
const RESERVED: ReadonlySet<string> = new Set([
  'abstract', 'any', 'app', 'arguments', 'as', 'async', 'await', 'boolean', 'break', 'case', 'catch', 'class', 'const', 'continue',
  'console', 'debugger', 'declare', 'default', 'delete', 'do', 'else', 'enum', 'eval', 'export', 'exports', 'extends', 'false', 'finally',
  'for', 'from', 'function', 'get', 'global', 'globalThis', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'is', 'let',
  'module', 'namespace', 'never', 'new', 'null', 'number', 'object', 'of', 'package', 'private', 'process', 'protected', 'public',
  'require', 'return', 'set', 'static', 'string', 'super', 'switch', 'symbol', 'this', 'throw', 'true', 'try', 'type', 'typeof',
  'undefined', 'unknown', 'using', 'var', 'void', 'while', 'with', 'yield',
]);

const LONGEST_NAME = 60;

/** The name of a variable, made of words: `istioSystem`. A word that is none gets the noun behind it: `defaultChart`. */
export function variableName(words: readonly string[], noun: string): string {
  const parts = words.flatMap((word) => word.split(/[^A-Za-z0-9]+/)).filter((part) => part !== '');
  const name = parts.map((part, index) => (index === 0 ? part[0].toLowerCase() : part[0].toUpperCase()) + part.slice(1)).join('').slice(
    0, LONGEST_NAME,
  );
  return /^[a-z]/.test(name) && !RESERVED.has(name) ? name : `${/^[a-z]/.test(name) ? name : `the${name}`}${noun}`;
}

/** The id of a construct, made of words: `reviews-destination-rule`. */
export function constructId(...words: readonly string[]): string {
  const name = words.map((word) => word.replace(/([a-z0-9])(?=[A-Z])/g, '$1-')).join('-').toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return name.slice(0, LONGEST_NAME).replace(/^-+|-+$/g, '') || 'unnamed';
}

/** Gives each a name of its own, the same ones for the same questions. */
export class FreeNames {
  private readonly taken: Set<string>;
  private readonly numbers = new Map<string, number>();

  public constructor(private readonly between: string, taken: readonly string[] = []) {
    this.taken = new Set(taken);
  }

  /** The first of the names that is free, or else the last with a number behind it. */
  public free(...names: readonly string[]): string {
    const last = names[names.length - 1];
    const found = names.find((name) => !this.taken.has(name)) ?? this.numbered(last);
    this.taken.add(found);
    return found;
  }

  private numbered(name: string): string {
    for (let number = this.numbers.get(name) ?? 2; ; number++) {
      const candidate = `${name}${this.between}${number}`;
      this.numbers.set(name, number + 1);
      if (!this.taken.has(candidate)) return candidate;
    }
  }
}
