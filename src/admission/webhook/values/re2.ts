import { readClass, readPerlClass, readUnicodeClass } from './re2-class';
import { readEscape } from './re2-escape';
import { MOST_REPEATS, readRepeat } from './re2-repeat';
import { Re2Fault, Re2Text } from './re2-text';

/** Part of an expression as far as repetitions are concerned: how often at most, and what is in it. */
interface Part {
  readonly times: number;
  readonly parts: readonly Part[];
}

const ONCE: Part = { times: 1, parts: [] };

/** What is wrong with a regular expression in RE2's syntax as Go reads it, `undefined` for nothing. */
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
  /** The groups that are open, each with all its parts and those since the last `|`. */
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

  /** Reads `(?…` up to the group's content; false when there is no group, as in `(?i)`. */
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
    if (two === '\\C') this.text.fail('the escape \'\\C\', which RE2 can\'t do');
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

/** Whether repetitions within repetitions stay within a number; what is repeated 0 times doesn't count. */
function fits(part: Part, most: number): boolean {
  if (part.times === 0) return true;
  return part.times <= most && part.parts.every((inner) => fits(inner, Math.floor(most / part.times)));
}
