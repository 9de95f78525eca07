import { CallExpression, Expression, Name } from './expression';
import { ProgramLine } from './program';
import { AdoptedCall } from './proposals/adopted-call';
import { isOfOneCaller } from './proposals/call-order';
import { CallsAmong } from './proposals/calls';
import { Proposal } from './proposals/proposal';

/** What declared calls need of the program that they are in. */
export interface CallNames {
  readonly proposals: ReadonlyMap<number, Proposal>;
  variableOf(index: number): string;
}

/** What a refusal is about: a policy, or else a client's call. */
export type RefusableCall = Pick<AdoptedCall, 'client' | 'policy' | 'to'>;

/** The statements of a program that declare calls, and what each of them declares. */
export class CallLines {
  public static readonly NONE = new CallLines({ calls: [], policies: new Map(), declared: new Set() });

  /** The workloads whose annotation the statements write. */
  public readonly declared: ReadonlySet<number>;
  private readonly statements: readonly (readonly AdoptedCall[])[];
  /** Workloads that declare that they call nothing. */
  private readonly silent: readonly number[];
  private readonly byLine = new Map<ProgramLine, readonly RefusableCall[]>();

  public constructor({ calls, declared }: CallsAmong) {
    this.declared = declared;
    this.statements = calls.reduce<AdoptedCall[][]>((all, call) => {
      const last = all.at(-1);
      if (last && isOfOneCaller(last[0], call)) last.push(call);
      else all.push([call]);
      return all;
    }, []);
    const callers = new Set(calls.map(({ client }) => client));
    this.silent = [...declared].filter((client) => !callers.has(client));
  }

  public get isEmpty(): boolean {
    return this.statements.length === 0 && this.silent.length === 0;
  }

  /** The lines, which have to stand behind those of all objects. */
  public write(names: CallNames): readonly ProgramLine[] {
    const nothing = this.silent.map((client) => this.lineOf([{ client, to: '' }], clientExpression(client, names)));
    const statements = this.statements.map((calls) => this.lineOf(calls, statement(calls, names)));
    return [...nothing, ...statements].map((line, index) => {
      if (index > 0) return line;
      const first = { ...line, isNewPart: true };
      this.byLine.set(first, this.byLine.get(line)!);
      return first;
    });
  }

  private lineOf(calls: readonly RefusableCall[], call: CallExpression): ProgramLine {
    const line = { call };
    this.byLine.set(line, calls);
    return line;
  }

  /** The calls of a line that a refusal is about: all, if it names none; undefined: it is no line of calls. */
  public refusedIn(line: ProgramLine, message: string): readonly RefusableCall[] | undefined {
    const calls = this.byLine.get(line);
    return calls && about(calls, message);
  }

  /** The calls that a check of the app is about, which may name them; empty if it isn't about calls. */
  public refused(message: string): readonly RefusableCall[] {
    return message.startsWith('Calls (') ? about(this.all, message) : [];
  }

  /** All calls of the lines. */
  public get all(): readonly RefusableCall[] {
    return [...this.byLine.values()].flat();
  }
}

/** Errors of Calls name what is called. */
function about(calls: readonly RefusableCall[], message: string): readonly RefusableCall[] {
  const [, to] = /: to\(([^)]*)\)/.exec(message) ?? [];
  const named = calls.filter((call) => call.to === to);
  return named.length > 0 ? named : calls;
}

function statement(calls: readonly AdoptedCall[], names: CallNames): CallExpression {
  const [{ client, caller }] = calls;
  const begin = client === undefined ? CallExpression.of('Calls.by', caller) : clientExpression(client, names);
  return calls.reduce((chain, { service, options }) => (
    CallExpression.chained(chain, 'to', serviceExpression(service, names), options)), begin);
}

function clientExpression(client: number, { variableOf }: CallNames): CallExpression {
  return CallExpression.of('Calls.of', CallExpression.of('Pods.of', new Name(variableOf(client))));
}

/** A construct of the library is callable, an ApiObject isn't. */
function serviceExpression(service: number, { variableOf, proposals }: CallNames): Expression {
  const name = new Name(variableOf(service));
  return proposals.has(service) ? name : CallExpression.of('Services.of', name);
}
