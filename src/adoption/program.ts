import * as cdk8s from 'cdk8s';
import { evaluate, Expression, namesInExpression } from './expression';
import { typeScript } from './typescript';
import { printable, redacted } from '../findings/safe-text';
import * as library from '../index';
import { grouped } from '../mesh/collections';

/** A line of a program. */
export interface ProgramLine {
  /** The object that it is for; undefined: it is for several. */
  readonly index?: number;
  /** The variable that gets the value. */
  readonly declares?: string;
  readonly call: Expression;
  readonly comment?: string;
  /** Whether an empty line is before it. */
  readonly isNewPart?: boolean;
}

/** The modules of which a program may use everything by its name. */
const MODULES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { 'cdk8s': cdk8s, 'cdk8s-istio-mtls': library };

/** What a run of a program came to. */
export interface Run {
  /** By the names of variables. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly app: cdk8s.App;
  /** By the line. */
  readonly errors: ReadonlyMap<ProgramLine, Error>;
}

/** Runs the lines of a program in an app that writes no file. A line that throws keeps none of the others from being run. */
export function runProgram(lines: readonly ProgramLine[]): Run {
  const app = new cdk8s.App();
  const names = new Map<string, unknown>([['app', app]]);
  const errors = new Map<ProgramLine, Error>();
  for (const line of lines) {
    try {
      for (const name of namesInExpression(line.call)) if (!names.has(name)) importInto(names, name);
      const value = evaluate(line.call, names);
      if (line.declares !== undefined) names.set(line.declares, value);
    } catch (error) {
      errors.set(line, error as Error);
    }
  }
  return { values: names, app, errors };
}

/** What the modules have under a name. */
function importInto(names: Map<string, unknown>, name: string): void {
  const module = moduleOf(name);
  if (module !== undefined) names.set(name, MODULES[module][name]);
}

const WIDTH = 120;

/** The program, as somebody might have written it. */
export function programText(lines: readonly ProgramLine[], leftOut: readonly string[]): string {
  const used = new Set(lines.flatMap(({ call }) => namesInExpression(call)));
  return [
    ...importsOf(used),
    '',
    'const app = new App();',
    ...lines.flatMap((line) => lineTexts(line, used)),
    '',
    ...leftOut.map((text) => `// Left out: ${shownComment(text)}`),
    ...leftOut.length > 0 ? [''] : [],
    'app.synth();',
    '',
  ].join('\n');
}

function importsOf(used: ReadonlySet<string>): readonly string[] {
  const wanted = [...new Set([...used, 'App'])];
  const byModule = grouped(wanted.filter((name) => moduleOf(name) !== undefined), (name) => moduleOf(name)!);
  return [...byModule].sort(([one], [other]) => (one < other ? -1 : 1)).map(([module, names]) => {
    const sorted = [...names].sort((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1));
    const line = `import { ${sorted.join(', ')} } from '${module}';`;
    return line.length <= WIDTH ? line : `import {\n${sorted.map((name) => `  ${name},\n`).join('')}} from '${module}';`;
  });
}

function moduleOf(name: string): string | undefined {
  return Object.keys(MODULES).find((module) => Object.hasOwn(MODULES[module], name));
}

/** A variable that nobody uses isn't declared. */
function lineTexts({ declares, call, comment, isNewPart = false }: ProgramLine, used: ReadonlySet<string>): readonly string[] {
  const before = declares !== undefined && used.has(declares) ? `const ${declares} = ` : '';
  return [
    ...isNewPart ? [''] : [],
    ...comment === undefined ? [] : [`// ${shownComment(comment)}`],
    `${before}${typeScript(call, before.length + 1)};`,
  ];
}

function shownComment(text: string): string {
  return printable(redacted(text));
}
