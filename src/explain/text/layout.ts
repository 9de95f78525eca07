import { Paint } from './paint';
import { printable, redacted } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';

/** How wide lines are where the terminal doesn't say, and the column in which texts begin. */
const [WIDTH, INDENT] = [96, 11];

/** A text under a label; one without a label belongs to the one before. */
export type Line = readonly [label: string, text: string];

/** Puts texts under labels. */
export class Layout {
  private readonly width: number;

  /** @param width that of the terminal */
  constructor(readonly colours: Paint, width: number) {
    this.width = Math.min(width, WIDTH);
  }

  lines(lines: readonly Line[]): string[] {
    return lines.flatMap(([label, text]) => this.line(label, text));
  }

  /** @param paint for the first word of the text */
  line(label: string, text: string, paint?: (word: string) => string): string[] {
    const [first, ...others] = wrapped(safeText(text), this.width - INDENT - 2);
    const head = `  ${this.colours.dim(label.padEnd(INDENT))}${paint ? first.replace(/^\w+/, paint) : first}`;
    return [head.trimEnd(), ...others.map((line) => `${' '.repeat(INDENT + 2)}${line}`)];
  }

  /** Lines as they are, such as code. */
  block(text: string): string[] {
    return text.trimEnd().split('\n').map((line) => `${' '.repeat(INDENT + 2)}${safeText(line)}`.trimEnd());
  }
}

export function safeText(text: string): string {
  return printable(redacted(text));
}
