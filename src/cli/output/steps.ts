import { code, shell } from './markdown';
import { Printer } from './printer';
import { RotationStep } from '../../certificates/rotation-plan';
import { printable, redacted } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';

/** What may be printed of a text. */
export const safe = (text: string): string => printable(redacted(text));

/** Below the first line of a step a line begins here. */
const INDENT = 11;

/** One thing to do, as people read it. */
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

/** The same as an item of a list. */
export function stepMarkdown({ action, text, commands = [], keys = [] }: RotationStep): string {
  return [
    `- **${action}** ${safe(text)}`,
    ...keys.length > 0 ? [keys.map(([key, content]) => `  - ${code(key)}${content === '' ? '' : `: ${safe(content)}`}`).join('\n')] : [],
    ...commands.length > 0 ? [shell(...commands.map(safe)).split('\n').map((line) => `  ${line}`).join('\n')] : [],
  ].join('\n\n');
}
