import { CelToken, checkCelNumber, tokensOf } from './cel-tokens';

const LONGEST = 100_000;
const LITERALS = ['true', 'false', 'null'];
/** Reserved words, which can't even name a field. */
const WORDS = ['in', ...LITERALS];
const RESERVED = [
  'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace',
  'return', 'var', 'void', 'while',
];
const RELATIONS = ['<', '<=', '>', '>=', '==', '!=', 'in'];
const CALCULATIONS = ['+', '-', '*', '/', '%'];

/** Why an expression isn't CEL; `undefined` if it is. Doesn't resolve names or types. */
export function celFault(expression: string): string | undefined {
  if (expression.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  try {
    new Syntax(tokensOf(expression)).check();
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    if (error instanceof RangeError) return 'it is nested too deeply';
    throw error;
  }
}

/** A recursive descent through CEL's grammar; throws a `SyntaxError` at the first mismatch. */
class Syntax {
  private place = 0;

  public constructor(private readonly tokens: readonly CelToken[]) {}

  public check(): void {
    this.expression();
    if (this.token.kind !== 'end') this.fail('an operator or the end');
  }

  private get token(): CelToken {
    return this.tokens[this.place];
  }

  private is(...texts: string[]): boolean {
    return (this.token.kind === 'sign' || this.token.kind === 'name') && texts.includes(this.token.text);
  }

  private take(...texts: string[]): boolean {
    const found = this.is(...texts);
    if (found) this.place++;
    return found;
  }

  private need(text: string): void {
    if (!this.take(text)) this.fail(`'${text}'`);
  }

  private fail(wanted: string): never {
    throw new SyntaxError(`${this.token.text} stands where ${wanted} must`);
  }

  private expression(): Shape {
    const shape = this.alternatives();
    if (!this.take('?')) return shape;
    this.alternatives();
    this.need(':');
    this.expression();
    return 'other';
  }

  /** `||`, `&&`, comparisons and arithmetic: precedence doesn't matter here. */
  private alternatives(): Shape {
    let shape = this.unary();
    while (this.take('||', '&&', ...RELATIONS, ...CALCULATIONS)) {
      this.unary();
      shape = 'other';
    }
    return shape;
  }

  private unary(): Shape {
    const sign = this.is('!') ? '!' : '-';
    let signed = 0;
    while (this.take(sign)) signed++;
    if (sign === '!' && this.is('-')) return this.negativeNumber();
    const shape = this.member(sign === '-' && signed === 1);
    return signed > 0 ? 'other' : shape;
  }

  /** After `!`, only a literal may have a `-`. */
  private negativeNumber(): Shape {
    this.need('-');
    if (this.token.kind !== 'number') this.fail('a number');
    return this.member(true);
  }

  private member(negative: boolean): Shape {
    let shape = this.primary(negative);
    for (;;) {
      if (this.take('.')) {
        shape = this.selection();
      } else if (this.take('[')) {
        this.expression();
        this.need(']');
        shape = 'other';
      } else {
        return shape;
      }
    }
  }

  private selection(): Shape {
    const { kind, text } = this.token;
    if (kind === 'quoted') {
      this.place++;
      return 'selection';
    }
    if (kind !== 'name' || WORDS.includes(text)) this.fail('a field\'s name');
    this.place++;
    if (!this.take('(')) return 'selection';
    checkMacro(text, true, this.list(')', false));
    return 'other';
  }

  private primary(negative: boolean): Shape {
    const { kind, text } = this.token;
    if (kind === 'number' || kind === 'text' || (kind === 'name' && LITERALS.includes(text))) {
      this.place++;
      if (kind === 'number') checkCelNumber(text, negative);
      return 'other';
    }
    if (this.take('(')) {
      const shape = this.expression();
      this.need(')');
      return shape;
    }
    if (this.take('[')) this.list(']', true);
    else if (this.take('{')) this.entries(() => this.expression());
    else return this.name();
    return 'other';
  }

  private name(): Shape {
    const rooted = this.take('.');
    const { kind, text } = this.token;
    if (kind !== 'name' || WORDS.includes(text)) this.fail('a value');
    if (this.message()) return 'other';
    if (RESERVED.includes(text)) this.fail('a name that isn\'t reserved');
    this.place++;
    if (!this.take('(')) return text === ACCUMULATOR ? 'other' : 'name';
    const shapes = this.list(')', false);
    if (!rooted) checkMacro(text, false, shapes);
    return text === 'has' && !rooted && shapes.length === 1 ? 'selection' : 'other';
  }

  /** A message, such as `google.rpc.Status{code: 5}`, if the names before a brace are one. */
  private message(): boolean {
    let end = this.place + 1;
    while (this.tokens[end].text === '.' && this.tokens[end + 1].kind === 'name' && !WORDS.includes(this.tokens[end + 1].text)) end += 2;
    if (this.tokens[end].text !== '{' || this.tokens[end].kind !== 'sign') return false;
    this.place = end + 1;
    this.entries(() => {
      if ((this.token.kind !== 'name' || WORDS.includes(this.token.text)) && this.token.kind !== 'quoted') this.fail('a field\'s name');
      this.place++;
    });
    return true;
  }

  private list(end: string, trailingComma: boolean): Shape[] {
    const shapes: Shape[] = [];
    while (!this.take(end)) {
      if (shapes.length > 0) {
        this.need(',');
        if (trailingComma && this.take(end)) break;
      } else if (trailingComma && this.take(',')) {
        this.need(end);
        break;
      }
      shapes.push(this.expression());
    }
    return shapes;
  }

  private entries(key: () => void): void {
    for (let first = true; !this.take('}'); first = false) {
      if (!first || this.is(',')) {
        this.need(',');
        if (this.take('}')) return;
        if (first) this.fail('\'}\'');
      }
      key();
      this.need(':');
      this.expression();
    }
  }
}

/** What kind of expression an argument is, as far as macros ask. */
type Shape = 'name' | 'selection' | 'other';

/** The macros whose first argument is a variable name, and how many arguments they take. */
const LOOPS: { readonly [name: string]: readonly number[] } = {
  all: [2],
  exists: [2],
  exists_one: [2],
  map: [2, 3],
  filter: [2],
};

/** The variable in which macros accumulate their result; no other variable may have that name. */
const ACCUMULATOR = '__result__';

/** Throws a `SyntaxError` for a macro with an argument that it can't expand; anything not called as a macro is a function. */
function checkMacro(name: string, ofMember: boolean, shapes: readonly Shape[]): void {
  if (!ofMember && name === 'has' && shapes.length === 1 && shapes[0] !== 'selection') {
    throw new SyntaxError('has() asks for a field, such as has(request.headers)');
  }
  if (ofMember && Object.hasOwn(LOOPS, name) && LOOPS[name].includes(shapes.length) && shapes[0] !== 'name') {
    throw new SyntaxError(`${name}() starts with the name of a variable`);
  }
}
