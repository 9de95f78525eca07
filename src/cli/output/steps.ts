import { code, shell } from './markdown';
import { Printer } from './printer';
import { RotationStep } from '../../certificates/rotation-plan';
import { printable, redacted } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';

/** A text without keys and control characters. */
export const safe = (text: string): string => printable(redacted(text));

/** The indentation of a step's lines after the first. */
const INDENT = 11;

/** A step as text for people. */
export function stepLines({ action, text, commands = [], keys = [] }: RotationStep, { colours, width }: Printer): string[] {
  const [first, ...rest] = wrapped(safe(text), width - INDENT);
  const indent = ' '.repeat(INDENT);
  const longest = Math.max(0, ...keys.map(([key]) => key.length));
  return [
    `  ${colours.cyan(action.padEnd(INDENT - 2))}${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...keys.map(([key, content]) => safe(`${indent}  ${key.padEnd(longest)}  ${content}`.trimEnd())),
    ...commands.map((command) => colours.dim(safe(`${indent}  ${command}`))),
  ];
}

/** A step as a list item in Markdown. */
export function stepMarkdown({ action, text, commands = [], keys = [] }: RotationStep): string {
  return [
    `- **${action}** ${safe(text)}`,
    ...keys.length > 0 ? [keys.map(([key, content]) => `  - ${code(key)}${content === '' ? '' : `: ${safe(content)}`}`).join('\n')] : [],
    ...commands.length > 0 ? [shell(...commands.map(safe)).split('\n').map((line) => `  ${line}`).join('\n')] : [],
  ].join('\n\n');
}
