import { printableLines } from '../../findings/safe-text';
import { Unreadable, unreadableSentence } from '../input/read-text';

/** The tests of a run, or of one of its meshes. */
export interface TestSuite {
  readonly name: string;
  readonly cases: readonly string[];
  readonly failures: number;
  readonly errors: number;
  /** The output of the suite as a whole. */
  readonly remarks?: readonly string[];
}

export const SUITE = 'istio-mtls';

/** A file of JUnit's XML. */
export function junitFile(suites: readonly TestSuite[]): string {
  const sum = (countIn: (suite: TestSuite) => number) => suites.reduce((total, suite) => total + countIn(suite), 0);
  const all = {
    name: SUITE,
    tests: sum(({ cases }) => cases.length),
    failures: sum(({ failures }) => failures),
    errors: sum(({ errors }) => errors),
    skipped: 0,
  };
  const content = suites.map(({ name, cases, failures, errors, remarks = [] }) => element(
    'testsuite', { name, tests: cases.length, failures, errors, skipped: 0 }, `\n${[...cases, ...output(remarks)].join('\n')}\n`, true));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', all, `\n${content.join('\n')}\n`, true)}\n`;
}

export function testCase(name: string, classname: string, content: readonly string[]): string {
  return element('testcase', { name, classname }, content.join(''), true);
}

/** An unreadable document or path is an error, not a failure. */
export function unreadableCase(problem: Unreadable): string {
  const { code, file, position } = problem;
  const message = unreadableSentence(problem);
  return testCase(file, file, [element('error', { message, type: code }, position ? `${file}:${position.line}:${position.column}` : file)]);
}

export function output(lines: readonly string[]): string[] {
  return lines.length > 0 ? [element('system-out', {}, lines.join('\n'))] : [];
}

export function element(name: string, attributes: Readonly<Record<string, string | number>>, content: string, isMarkup = false): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join('');
  return `<${name}${written}>${isMarkup ? content : escaped(content)}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

/** XML can't represent most control characters, so they are escaped as in a text. */
function escaped(text: string): string {
  return printableLines(text).replace(/[&<>"\n\t]/g, (character) => ENTITIES[character]);
}
