import { Paint } from './paint';
import { printable, redacted } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';

/** The width if the terminal doesn't state one, and the column in which texts begin. */
const [WIDTH, INDENT] = [96, 11];

/** A text with its label; an empty label continues the previous one. */
export type Line = readonly [label: string, text: string];

/** Aligns texts behind labels. */
export class Layout {
  private readonly width: number;

  /** @param width of the terminal */
  constructor(readonly colours: Paint, width: number) {
    this.width = Math.min(width, WIDTH);
  }

  lines(lines: readonly Line[]): string[] {
    return lines.flatMap(([label, text]) => this.line(label, text));
  }

  /** @param paint colours the first word of the text */
  line(label: string, text: string, paint?: (word: string) => string): string[] {
    const [first, ...others] = wrapped(safeText(text), this.width - INDENT - 2);
    const head = `  ${this.colours.dim(label.padEnd(INDENT))}${paint ? first.replace(/^\w+/, paint) : first}`;
    return [head.trimEnd(), ...others.map((line) => `${' '.repeat(INDENT + 2)}${line}`)];
  }

  /** Lines printed as they are, such as code. */
  block(text: string): string[] {
    return text.trimEnd().split('\n').map((line) => `${' '.repeat(INDENT + 2)}${safeText(line)}`.trimEnd());
  }
}

export function safeText(text: string): string {
  return printable(redacted(text));
}
