import { Re2Fault, Re2Text, readClass, readEscape, readPerlClass, readUnicodeClass } from './re2-characters';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';

const LONGEST = 1024;

/** Rejects a regular expression that is empty, too long or not RE2. */
export function judgeRegex(at: Objections, regex: string): void {
  const fault = regexFault(regex);
  if (!fault) return;
  at.error({
    code: 'ADMIT411',
    actual: `${shown(regex)} with ${fault}`,
    expected: `a regular expression in RE2's syntax, of at most ${LONGEST} bytes`,
    because: 'Envoy matches with RE2, which has neither look-around nor backreferences',
    fix: 'rewrite the expression, see https://github.com/google/re2/wiki/Syntax',
  });
}

function regexFault(regex: string): string | undefined {
  if (regex === '') return 'nothing in it';
  const length = Buffer.byteLength(regex);
  return length > LONGEST ? `${length} bytes` : re2Fault(regex);
}

/** A part of an expression as far as repetition matters: its maximum count and its content. */
interface Part {
  readonly times: number;
  readonly parts: readonly Part[];
}

const ONCE: Part = { times: 1, parts: [] };

/** What is wrong with a regular expression in RE2's syntax as Go reads it; `undefined` if nothing. */
export function re2Fault(expression: string): string | undefined {
  try {
    new Re2(new Re2Text(expression)).read();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Re2Fault) return thrown.fault;
    throw thrown;
  }
}

class Re2 {
  /** The open groups, each with all its parts and those since the last `|`. */
  private readonly groups: { all: Part[]; current: Part[] }[] = [{ all: [], current: [] }];
  private repeated = false;

  public constructor(private readonly text: Re2Text) {}

  public read(): void {
    while (!this.text.atEnd) this.readOne();
    if (this.groups.length > 1) this.text.fail('a \'(\' without its \')\'');
  }

  private get group(): { all: Part[]; current: Part[] } {
    return this.groups[this.groups.length - 1];
  }

  private readOne(): void {
    const start = this.text.position;
    const repeat = readRepeat(this.text);
    if (repeat) {
      if (this.text.next === '?') this.text.take();
      this.repeat(this.text.since(start), repeat.min, repeat.max);
    } else {
      this.readOther();
    }
    this.repeated = repeat !== undefined;
  }

  private readOther(): void {
    switch (this.text.next) {
      case '(': return this.open();
      case ')': return this.close();
      case '|': return this.alternative();
      case '\\': return this.readBackslash();
      case '[': readClass(this.text); break;
      default: this.text.take();
    }
    this.push(ONCE);
  }

  private push(part: Part): void {
    this.group.all.push(part);
    this.group.current.push(part);
  }

  private open(): void {
    if (this.text.ahead(2) === '(?') {
      if (!this.readFlags()) return;
    } else {
      this.text.take();
    }
    this.groups.push({ all: [], current: [] });
  }

  /** Reads `(?…` up to the group's content; false if there is no group, as in `(?i)`. */
  private readFlags(): boolean {
    const start = this.text.position;
    if (/^\(\?P?<$/.test(this.text.ahead(4)) || this.text.ahead(3) === '(?<') {
      this.text.skip(this.text.ahead(3) === '(?<' ? 3 : 4);
      if (!/^\w+$/.test(this.text.takeThrough('>') ?? '')) this.text.fail('a group without a proper name');
      return true;
    }
    this.text.skip(2);
    while (/^[imsU-]$/.test(this.text.next)) this.text.take();
    const flags = this.text.since(start).slice(2);
    const end = this.text.take();
    if (!/^(?:[imsU]*|[imsU]*-[imsU]+)$/.test(flags) || (end !== ':' && end !== ')')) {
      this.text.fail(`'${this.text.since(start)}', which RE2 doesn't have`);
    }
    return end === ':';
  }

  private close(): void {
    if (this.groups.length === 1) this.text.fail('a \')\' without its \'(\'');
    this.text.take();
    const closed = this.groups.pop();
    this.push({ times: 1, parts: closed?.all ?? [] });
  }

  private alternative(): void {
    this.text.take();
    this.group.current = [];
  }

  private readBackslash(): void {
    const two = this.text.ahead(2);
    if (two === '\\C') this.text.fail('the escape \'\\C\', which RE2 doesn\'t support');
    if (two === '\\Q') return this.readQuoted();
    if (/^\\[AbBz]$/.test(two)) this.text.skip(2);
    else if (!readUnicodeClass(this.text) && !readPerlClass(this.text)) readEscape(this.text);
    this.push(ONCE);
  }

  private readQuoted(): void {
    this.text.skip(2);
    const before = this.text.position;
    const quoted = this.text.takeThrough('\\E');
    if (quoted === undefined) while (!this.text.atEnd) this.text.take();
    if (quoted ?? this.text.since(before)) this.push(ONCE);
  }

  private repeat(operator: string, min: number, max: number): void {
    if (this.repeated) this.text.fail(`'${operator}' right after another repetition`);
    const part = this.group.current.pop();
    if (!part) this.text.fail(`'${operator}' with nothing before it to repeat`);
    this.group.all.pop();
    const counted = operator.startsWith('{');
    const whole = { times: counted ? (max === Infinity ? min : max) : 1, parts: [part] };
    const unbounded = counted && max === Infinity && min === 0;
    if (counted && (min >= 2 || (max >= 2 && max !== Infinity)) && !fits(whole, MOST_REPEATS)) {
      this.text.fail(`the repetition '${operator}', which with those inside it makes more than ${MOST_REPEATS}`);
    }
    this.push(unbounded ? { times: 1, parts: [part] } : whole);
  }
}

/** Whether nested repetitions stay within a number; a part repeated 0 times doesn't count. */
function fits(part: Part, most: number): boolean {
  if (part.times === 0) return true;
  return part.times <= most && part.parts.every((inner) => fits(inner, Math.floor(most / part.times)));
}

/** The minimum and maximum of a repetition, `Infinity` if unbounded. */
interface Repeat {
  readonly min: number;
  readonly max: number;
}

/** The maximum of `{n,m}`, alone or multiplied with enclosing ones. */
const MOST_REPEATS = 1000;

const BRACES = /^\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}/;

/** Reads `*`, `+`, `?` or `{n,m}`; undefined if the next character isn't one, such as a literal `{`. */
function readRepeat(text: Re2Text): Repeat | undefined {
  if (text.next === '{') return readBraces(text);
  const simple = { '*': { min: 0, max: Infinity }, '+': { min: 1, max: Infinity }, '?': { min: 0, max: 1 } }[text.next];
  if (simple) text.take();
  return simple;
}

function readBraces(text: Re2Text): Repeat | undefined {
  const match = BRACES.exec(text.ahead(Infinity));
  if (!match) return undefined;
  text.skip(match[0].length);
  const min = Number(match[1]);
  const max = match[3] === undefined ? (match[2] ? Infinity : min) : Number(match[3]);
  if (min > MOST_REPEATS || (max !== Infinity && (max > MOST_REPEATS || max < min))) {
    text.fail(`the repetition '${match[0]}', which isn't from 0 to ${MOST_REPEATS}`);
  }
  return { min, max };
}
