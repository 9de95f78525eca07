/** What a command reads from and writes to. */
export interface Terminal {
  readonly input: AsyncIterable<Buffer | string>;
  readonly isTerminal: boolean;
  readonly env: NodeJS.ProcessEnv;
  out(text: string): void;
  error(text: string): void;
}
